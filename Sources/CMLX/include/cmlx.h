// A C surface over MLX, so that Swift never sees a C++ type and never meets a C++ exception.
//
// Conventions:
//   * A `cmlx_array` is an owned handle: free it once with `cmlx_array_free`. Arguments are borrowed.
//   * A function that returns a handle returns NULL on failure; one that returns `int` returns 0 on success.
//     `cmlx_last_error` then holds the message for the calling thread.
//   * Every function may be called from any thread. Calls are serialised by one recursive lock and share one stream,
//     so a lazy graph may be built on one thread and evaluated on another.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cmlx_array_s *cmlx_array;
typedef struct cmlx_list_s *cmlx_list;

// The message of the last failure on this thread; valid until the next failing call.
const char *cmlx_last_error(void);

// The number of array handles alive in the process; tests of ownership read it.
size_t cmlx_live_handles(void);

// MARK: Arrays

typedef enum {
  CMLX_BOOL,
  CMLX_UINT8,
  CMLX_UINT16,
  CMLX_UINT32,
  CMLX_UINT64,
  CMLX_INT8,
  CMLX_INT16,
  CMLX_INT32,
  CMLX_INT64,
  CMLX_FLOAT16,
  CMLX_FLOAT32,
  CMLX_FLOAT64,
  CMLX_BFLOAT16,
  CMLX_COMPLEX64,
} cmlx_dtype;

void cmlx_array_free(cmlx_array a);
cmlx_array cmlx_array_copy(cmlx_array a);
// Copies `bytes` bytes, which must be what shape and type need.
cmlx_array cmlx_array_from_bytes(const void *data, size_t bytes, const int *shape, size_t ndim, cmlx_dtype dtype);
cmlx_array cmlx_array_scalar(float value);
size_t cmlx_array_ndim(cmlx_array a);
int cmlx_array_dim(cmlx_array a, size_t axis);
size_t cmlx_array_size(cmlx_array a);
cmlx_dtype cmlx_array_dtype(cmlx_array a);
// Evaluates `a` and copies its elements, in row-major order, to `out`; `bytes` must be what they need.
int cmlx_array_read(cmlx_array a, void *out, size_t bytes);
int cmlx_eval(const cmlx_array *arrays, size_t count);

// An owned list of arrays, for functions with several results.
cmlx_list cmlx_list_new(void);
void cmlx_list_free(cmlx_list list);
size_t cmlx_list_count(cmlx_list list);
cmlx_array cmlx_list_get(cmlx_list list, size_t index);
int cmlx_list_append(cmlx_list list, cmlx_array a);

// MARK: Operations

typedef enum {
  CMLX_NEGATIVE,
  CMLX_ABS,
  CMLX_SQUARE,
  CMLX_SQRT,
  CMLX_RSQRT,
  CMLX_EXP,
  CMLX_LOG,
  CMLX_SIGMOID,
  CMLX_TANH,
  CMLX_STOP_GRADIENT,
  CMLX_CONTIGUOUS,
} cmlx_unary_op;

typedef enum {
  CMLX_ADD,
  CMLX_SUBTRACT,
  CMLX_MULTIPLY,
  CMLX_DIVIDE,
  CMLX_MAXIMUM,
  CMLX_MATMUL,
  CMLX_EQUAL,
  CMLX_NOT_EQUAL,
  CMLX_LESS,
  CMLX_LESS_EQUAL,
  CMLX_GREATER,
  CMLX_GREATER_EQUAL,
} cmlx_binary_op;

typedef enum {
  CMLX_SUM,
  CMLX_MEAN,
  CMLX_MAX,
  CMLX_MIN,
  CMLX_LOGSUMEXP,
  CMLX_SOFTMAX,
  CMLX_ARGMAX,
} cmlx_reduce_op;

cmlx_array cmlx_unary(cmlx_unary_op op, cmlx_array a);
cmlx_array cmlx_binary(cmlx_binary_op op, cmlx_array a, cmlx_array b);
// `keep` is ignored by softmax; argmax takes exactly one axis.
cmlx_array cmlx_reduce(cmlx_reduce_op op, cmlx_array a, const int *axes, size_t count, bool keep);
cmlx_array cmlx_addmm(cmlx_array c, cmlx_array a, cmlx_array b);
cmlx_array cmlx_where(cmlx_array condition, cmlx_array a, cmlx_array b);
cmlx_array cmlx_as_type(cmlx_array a, cmlx_dtype dtype);

cmlx_array cmlx_reshape(cmlx_array a, const int *shape, size_t ndim);
cmlx_array cmlx_transpose(cmlx_array a, const int *axes, size_t count);
cmlx_array cmlx_expand_dims(cmlx_array a, int axis);
cmlx_array cmlx_squeeze(cmlx_array a, int axis);
cmlx_array cmlx_broadcast_to(cmlx_array a, const int *shape, size_t ndim);
// One start, stop and stride for each axis.
cmlx_array cmlx_slice(cmlx_array a, const int *start, const int *stop, const int *stride, size_t ndim);
cmlx_array cmlx_concatenate(const cmlx_array *arrays, size_t count, int axis);
cmlx_array cmlx_stack(const cmlx_array *arrays, size_t count, int axis);
cmlx_array cmlx_take(cmlx_array a, cmlx_array indices, int axis);

cmlx_array cmlx_full(const int *shape, size_t ndim, float value, cmlx_dtype dtype);
cmlx_array cmlx_arange(double start, double stop, double step, cmlx_dtype dtype);

// MARK: Random numbers; the key is always explicit

cmlx_array cmlx_random_key(uint64_t seed);
cmlx_array cmlx_random_split(cmlx_array key, int count);
cmlx_array cmlx_random_uniform(const int *shape, size_t ndim, float low, float high, cmlx_array key);
cmlx_array cmlx_random_normal(const int *shape, size_t ndim, float mean, float deviation, cmlx_array key);

// MARK: Transforms

// Called while the graph is traced: `inputs` are borrowed, results are appended to `outputs`. Non-zero means failure.
typedef int (*cmlx_function)(void *context, const cmlx_array *inputs, size_t count, cmlx_list outputs);

// Values of `function` at `inputs` (appended to `values`) and the gradient of the first value, which must be a scalar,
// with respect to each input (appended to `gradients`).
int cmlx_value_and_grad(cmlx_function function, void *context, const cmlx_array *inputs, size_t count, cmlx_list values,
                        cmlx_list gradients);

// Values of `function` at `inputs` (appended to `outputs`). When they are differentiated, the function is called again
// instead of keeping what it computed in between. Its gradient reaches `inputs` only, not arrays that it holds itself.
// `release(context)` is called once, when neither will be called any more; also on failure.
int cmlx_checkpoint(cmlx_function function, void *context, void (*release)(void *), const cmlx_array *inputs,
                    size_t count, cmlx_list outputs);

// MARK: Diagnostics

const char *cmlx_version(void);
// OpenBLAS's own description of its build and of the kernel it chose, or "" when another BLAS is linked.
const char *cmlx_blas_configuration(void);
const char *cmlx_blas_core(void);
size_t cmlx_active_memory(void);
size_t cmlx_cache_memory(void);
size_t cmlx_peak_memory(void);
void cmlx_reset_peak_memory(void);
size_t cmlx_set_cache_limit(size_t bytes);
// Between a call with `true` and its counterpart with `false`, freed memory stays with the process: large arrays that come and
// go would otherwise be cleared by the system each time. The last `false` gives back what is free. Calls may be nested.
void cmlx_keep_freed_memory(bool keep);
bool cmlx_default_device_is_cpu(void);

#ifdef __cplusplus
}
#endif

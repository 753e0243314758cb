"""Writes the fixtures beside this file: tiny random models as `transformers` saves them and as llama.cpp's converter
would write them with the `gguf` package, and `expected.json`: what both packages read back from them.

    python make_fixtures.py [gemma-3-270m-q4_k_m.gguf]        (torch 2.15, transformers 5.24, gguf 0.19, safetensors 0.8, numpy 2.4)
"""
import json
import pathlib
import shutil
import sys
import tempfile
import zlib

import gguf
import numpy as np
import torch
import transformers
from gguf import GGMLQuantizationType as Type
from gguf import quants

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(3)
torch.manual_seed(3)


def summary(values):
    """Shape, checksum of the float32 bytes (exact) and the first values (to read when a test fails)."""
    values = np.ascontiguousarray(values, dtype=np.float32)
    assert np.isfinite(values).all()
    first = [float(value) for value in values.ravel()[:2]]
    return {"shape": list(values.shape), "crc": zlib.crc32(values.tobytes()), "first": first}


# Random blocks: every bit pattern that leaves the half-precision scales finite. MXFP4 has a power of two instead.

HALVES = {
    Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.Q2_K: [80, 82],
    Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208], Type.IQ4_NL: [0], Type.IQ4_XS: [0],
    Type.MXFP4: [],
}
# Zero of both signs, the smallest and the largest subnormal, the smallest normal, 1, the largest of both signs.
EXTREME_HALVES = [0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0xFBFF]
# 2^-128 and 2^-127 (not normal in float32), the first that is, 1 / 2, and the largest whose products are finite.
EXTREME_POWERS = [0, 1, 2, 127, 252]


def random_blocks(kind, rows, columns, extremes=False):
    size, width = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows * columns // size, width), dtype=np.uint8)
    for place in HALVES[kind]:
        exponent = blocks[:, place + 1] & 0x7C
        blocks[exponent == 0x7C, place + 1] ^= 0x40
        if extremes:
            for index, half in enumerate(EXTREME_HALVES):
                # Two halves of a block take all extremes, but not the same.
                block = (index + place) % len(EXTREME_HALVES) if len(HALVES[kind]) > 1 else index
                blocks[block, place:place + 2] = [half & 255, half >> 8]
    if kind == Type.MXFP4:
        blocks[:, 0] = random.integers(100, 150, len(blocks)) if not extremes else random.integers(0, 253, len(blocks))
        if extremes:
            blocks[:len(EXTREME_POWERS), 0] = EXTREME_POWERS
    return blocks.reshape(rows, columns // size * width)


def finite_numbers(kind, rows, columns):
    bits = random.integers(0, 1 << (32 if kind == Type.F32 else 16), (rows, columns), dtype=np.uint32)
    exponent = {Type.F32: 0x7F800000, Type.F16: 0x7C00, Type.BF16: 0x7F80}[kind]
    bits[bits & exponent == exponent] ^= exponent
    if kind == Type.F32:
        return bits.view(np.float32)
    halves = bits.astype(np.uint16)
    return halves.view(np.float16) if kind == Type.F16 else halves.view(np.uint8)


def write_formats(expected):
    writer = gguf.GGUFWriter(HERE / "formats.gguf", "llama")
    for width in (8, 16, 32, 64):
        getattr(writer, f"add_uint{width}")(f"test.uint{width}", (1 << width) - 1)
        getattr(writer, f"add_int{width}")(f"test.int{width}", -(1 << width - 1))
    writer.add_float32("test.float32", 0.1)
    writer.add_float64("test.float64", 0.1)
    writer.add_bool("test.bool", True)
    writer.add_string("test.string", "naïve 🙂")
    writer.add_array("test.strings", ["", "a", "▁b", "🙂"])
    writer.add_array("test.integers", [1, -2, 3])
    writer.add_array("test.floats", [0.5, -0.25])
    writer.add_array("test.bools", [True, False, True])
    for kind in [Type.F32, Type.F16, Type.BF16, *HALVES]:
        data = random_blocks(kind, 16, 256, extremes=True) if kind in HALVES else finite_numbers(kind, 16, 256)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
    close(writer)
    for tensor in gguf.GGUFReader(HERE / "formats.gguf").tensors:
        expected[tensor.name] = summary(quants.dequantize(tensor.data, tensor.tensor_type).reshape(16, 256))


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# Tiny models as `transformers` saves them.

COMMON = dict(
    vocab_size=32, hidden_size=32, intermediate_size=16, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, head_dim=4, max_position_embeddings=256, bos_token_id=1, eos_token_id=2, pad_token_id=0)


def models():
    one = COMMON | dict(num_hidden_layers=1)
    llama3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                  original_max_position_embeddings=8192)
    yield "llama", torch.float32, transformers.LlamaForCausalLM(transformers.LlamaConfig(
        **COMMON, rope_parameters=llama3)), "12KB"
    yield "qwen2", torch.bfloat16, transformers.Qwen2ForCausalLM(transformers.Qwen2Config(
        **one, tie_word_embeddings=True)), "1GB"
    yield "qwen3", torch.float16, transformers.Qwen3ForCausalLM(transformers.Qwen3Config(
        **one, tie_word_embeddings=False)), "1GB"
    yield "phi3", torch.float32, transformers.Phi3ForCausalLM(transformers.Phi3Config(
        **{key: value for key, value in one.items() if key != "head_dim"}, rope_parameters=dict(
            rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5))), "1GB"
    yield "olmo2", torch.float32, transformers.Olmo2ForCausalLM(transformers.Olmo2Config(
        **{key: value for key, value in one.items() if key != "head_dim"})), "1GB"
    yield "gemma3", torch.bfloat16, transformers.Gemma3ForCausalLM(gemma_text(layers=2)), "1GB"
    vision = transformers.SiglipVisionConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, image_size=8, patch_size=4)
    images = transformers.Gemma3Config(
        text_config=gemma_text(layers=1), vision_config=vision, mm_tokens_per_image=4, image_token_index=31,
        boi_token_index=30, eoi_token_index=29)
    yield "gemma3-images", torch.bfloat16, transformers.Gemma3ForConditionalGeneration(images), "1GB"


def gemma_text(layers):
    kinds = ["sliding_attention", "full_attention"]
    return transformers.Gemma3TextConfig(
        **COMMON | dict(num_hidden_layers=layers), sliding_window=8, layer_types=kinds[:layers], query_pre_attn_scalar=16)


def write_folders(expected):
    for name, dtype, model, shard in models():
        randomise(model)
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        model.to(dtype).save_pretrained(folder, max_shard_size=shard)
        (folder / "generation_config.json").unlink(missing_ok=True)
        weights = {key: value.float().numpy() for key, value in canonical(model).items()}
        config = model.config.get_text_config()
        expected[name] = {
            part: summary(rows) for key, value in weights.items() for part, rows in parts(key, value, config)}


def randomise(model):
    """Norms and biases begin as ones and zeros, which would hide a mistake."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3)


def canonical(model):
    """The language model's weights by name, Gemma's norms with the 1 that its code adds."""
    gemma = "gemma3" in model.config.model_type
    result = {}
    for key, value in model.state_dict().items():
        if "vision_tower" in key or "multi_modal" in key:
            continue
        key = key.replace("model.language_model.", "model.")
        if key == "lm_head.weight" and (model.config.tie_word_embeddings or gemma):
            continue
        result[key] = 1 + value.float() if gemma and key.endswith("norm.weight") else value.float()
    return result


# The same kinds of model as llama.cpp's converter writes them.

def gguf_name(key, family):
    tensors = gguf.get_tensor_name_map(getattr(gguf.MODEL_ARCH, family.upper()), 8)
    return tensors.get_name(key, try_suffixes=(".weight", ".bias"))


def permute(rows, heads):
    """`LlamaModel.permute` of llama.cpp's convert_hf_to_gguf.py."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def unpermute(rows, heads):
    return rows.reshape(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def write_gguf(family, config, kinds, expected, name=None, **split):
    """A model whose matrices are random blocks of the kinds in turn."""
    model = transformers.AutoModelForCausalLM.from_config(config)
    randomise(model)
    name = name or family
    path = HERE / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, family, **split)
    head_width = config.head_dim if hasattr(config, "head_dim") else config.hidden_size // config.num_attention_heads
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_key_length(head_width)
    writer.add_value_length(head_width)
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    rope = config.rope_parameters
    if model.config.model_type == "mistral":
        writer.add_rope_freq_base(10000.0)
        writer.add_rope_dimension_count(head_width)
    elif family == "phi3":
        original = config.original_max_position_embeddings
        writer.add_rope_freq_base(10000.0)
        writer.add_rope_dimension_count(int(head_width * rope["partial_rotary_factor"]))
        writer.add_rope_scaling_orig_ctx_len(original)
        writer.add_sliding_window(config.sliding_window or 0)
        factor = config.max_position_embeddings / original
        writer.add_rope_scaling_attn_factors(np.sqrt(1 + np.log(factor) / np.log(original)))
        writer.add_tensor("rope_factors_long.weight", np.array(rope["long_factor"], dtype=np.float32))
        writer.add_tensor("rope_factors_short.weight", np.array(rope["short_factor"], dtype=np.float32))
    elif family == "olmo2":
        scaled = rope.get("full_attention", rope)
        writer.add_rope_freq_base(scaled["rope_theta"])
        if scaled["rope_type"] == "yarn":
            writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
            writer.add_rope_scaling_factor(scaled["factor"])
            writer.add_rope_scaling_attn_factors(scaled["attention_factor"])
            writer.add_rope_scaling_orig_ctx_len(scaled["original_max_position_embeddings"])
            writer.add_sliding_window(config.sliding_window)
            writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config.layer_types])
    elif family == "smollm3":
        writer.add_rope_freq_base(rope["rope_theta"])
        writer.add_rope_dimension_count(head_width)
    elif family == "llama":
        writer.add_rope_freq_base(500000.0)
        writer.add_tensor("rope_freqs.weight", llama3_factors(head_width))
        writer.add_rope_dimension_count(head_width)
    elif family == "gemma3":
        writer.add_rope_freq_base(1000000.0)
        writer.add_sliding_window(config.sliding_window)
    else:
        writer.add_rope_freq_base(10000.0)
    add_tokenizer(writer, "llama" if family in ("llama", "gemma3", "phi3") else "gpt2", config.vocab_size)
    result = {}
    for index, (key, value) in enumerate(canonical(model).items()):
        value = value.numpy()
        module = key.split(".")[-2]
        paired = heads[module] if family in ("llama", "smollm3") and module in heads else None
        kind = kinds[index % len(kinds)] if value.ndim == 2 else Type.F32
        if value.ndim == 2 and value.shape[1] % gguf.GGML_QUANT_SIZES[kind][0]:
            kind = Type.Q8_0 if value.shape[1] % 32 == 0 else Type.F16
        if kind in HALVES:
            stored = random_blocks(kind, *value.shape)
        elif kind == Type.F32:
            stored = permute(value, paired) if paired else value
        else:
            stored = quants.quantize(value, kind)
        writer.add_tensor(gguf_name(key, family), np.ascontiguousarray(stored), raw_dtype=kind)
        values = stored if kind == Type.F32 else quants.dequantize(stored, kind)
        values = unpermute(values, paired) if paired else values
        result |= {part: summary(rows) | {"kind": kind.name} for part, rows in parts(key, values, config)}
    file = f"{name}-00001-of-{len(writer.tensors):05d}.gguf" if split else path.name
    close(writer)
    expected[file] = result
    fields = understood(config)
    if family == "llama":
        fields["family"] = "llama"
    if "longrope" in fields["rotary"]["scaling"]:
        scaling = fields["rotary"]["scaling"]["longrope"]
        scaling["attentionFactor"] = float(np.float32(scaling["attentionFactor"]))
    return {"file": file, "expected": fields}


def parts(key, values, config):
    """Phi-3's matrices as the three and the two that they are made of."""
    width = config.hidden_size // config.num_attention_heads
    query, other = config.num_attention_heads * width, config.num_key_value_heads * width
    if "qkv_proj" in key:
        cuts = {"q_proj": values[:query], "k_proj": values[query:query + other], "v_proj": values[query + other:]}
    elif "gate_up_proj" in key:
        cuts = {"gate_proj": values[:config.intermediate_size], "up_proj": values[config.intermediate_size:]}
    else:
        return [(key, values)]
    fused = "qkv_proj" if "qkv_proj" in key else "gate_up_proj"
    return [(key.replace(fused, name), rows) for name, rows in cuts.items()]


def llama3_factors(width, base=500000.0, factor=32.0, low=1.0, high=4.0, context=8192):
    """As convert_hf_to_gguf.py computes them."""
    frequencies = 1.0 / (base ** (torch.arange(0, width, 2, dtype=torch.float32) / width))
    factors = []
    for frequency in frequencies:
        wavelength = 2 * np.pi / frequency
        if wavelength < context / high:
            factors.append(1)
        elif wavelength > context / low:
            factors.append(factor)
        else:
            smooth = (context / wavelength - low) / (high - low)
            factors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array([float(value) for value in factors], dtype=np.float32)


def add_tokenizer(writer, model, count):
    writer.add_tokenizer_model(model)
    writer.add_tokenizer_pre("default" if model == "llama" else "qwen2")
    pieces = ["<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "c", "abc"]
    writer.add_token_list(pieces + [f"piece{index}" for index in range(len(pieces), count)])
    if model == "llama":
        writer.add_token_scores([-float(index) for index in range(count)])
    writer.add_token_types([2, 3, 3] + [1] * (count - 3))
    if model == "gpt2":
        writer.add_token_merges(["a b", "ab c"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_chat_template("{{ messages }}")


YARN = dict(rope_type="yarn", rope_theta=500000.0, factor=8.0, original_max_position_embeddings=32, beta_fast=32.0,
            beta_slow=1.0, attention_factor=1.2079441541679836)


def unheaded(sizes):
    """Without the width of a head, which these configurations do not have."""
    return {key: value for key, value in sizes.items() if key != "head_dim"}


def write_models(expected):
    # Rows of 32 and 256 numbers: the sizes of blocks.
    tiny = COMMON | dict(intermediate_size=32, head_dim=8)
    wide = tiny | dict(hidden_size=256, vocab_size=16, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1)
    one = tiny | dict(num_hidden_layers=1)
    llama3 = dict(rope_type="llama3", rope_theta=500000.0, factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0,
                  original_max_position_embeddings=8192)
    layers = tiny | dict(num_hidden_layers=6)
    cases = [
        write_gguf("llama", transformers.LlamaConfig(**wide, rope_parameters=llama3),
                   [Type.Q4_K, Type.Q5_K, Type.Q6_K, Type.Q5_K], expected),
        write_gguf("qwen2", transformers.Qwen2Config(**one), [Type.F16, Type.Q8_0, Type.Q5_0], expected),
        write_gguf("qwen3", transformers.Qwen3Config(**one), [Type.BF16, Type.Q4_0], expected),
        write_gguf("gemma3", transformers.Gemma3TextConfig(**layers, sliding_window=8, query_pre_attn_scalar=8),
                   [Type.Q5_0, Type.Q4_0], expected),
        write_gguf("qwen2", transformers.Qwen2Config(**one), [Type.Q4_1, Type.Q5_1, Type.IQ4_NL, Type.MXFP4], expected,
                   "split", split_max_tensors=5),
        write_gguf("llama", transformers.MistralConfig(**wide, sliding_window=None), [Type.Q2_K, Type.Q3_K, Type.IQ4_XS],
                   expected, "mistral"),
        write_gguf("phi3", transformers.Phi3Config(
            **unheaded(tiny | dict(num_hidden_layers=2, sliding_window=8)), original_max_position_embeddings=64,
            rope_parameters=dict(rope_type="longrope", rope_theta=10000.0, partial_rotary_factor=0.5,
                                 short_factor=[1.0, 1.5], long_factor=[2.0, 4.0])), [Type.Q4_1, Type.F16], expected),
        write_gguf("olmo2", transformers.Olmo2Config(**unheaded(one)), [Type.Q5_1, Type.Q8_0], expected),
        write_gguf("olmo2", transformers.Olmo3Config(
            **unheaded(tiny | dict(num_hidden_layers=5)), sliding_window=8,
            rope_parameters=dict(full_attention=YARN, sliding_attention=dict(rope_type="default", rope_theta=500000.0))),
            [Type.Q8_0, Type.IQ4_NL], expected, "olmo3"),
        write_gguf("smollm3", transformers.SmolLM3Config(**unheaded(layers)), [Type.Q8_0, Type.Q5_0], expected),
    ]
    (HERE / "gguf_configurations.json").write_text(json.dumps(cases))


# Configurations: published ones and older forms, as `transformers` understands them.

def configurations():
    llama = dict(
        model_type="llama", hidden_size=4096, intermediate_size=14336, num_hidden_layers=32, num_attention_heads=32,
        num_key_value_heads=8, vocab_size=128256, max_position_embeddings=131072, rms_norm_eps=1e-05,
        rope_theta=500000.0, hidden_act="silu", attention_bias=False, mlp_bias=False, tie_word_embeddings=False,
        eos_token_id=[128001, 128008], torch_dtype="bfloat16")
    yield "llama 3.1", llama | dict(rope_scaling=dict(
        factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192,
        rope_type="llama3"))
    yield "llama 2", dict(
        model_type="llama", hidden_size=4096, intermediate_size=11008, num_hidden_layers=32, num_attention_heads=32,
        num_key_value_heads=32, vocab_size=32000, max_position_embeddings=4096, rms_norm_eps=1e-05, rope_scaling=None,
        hidden_act="silu", pretraining_tp=1)
    yield "llama linear", llama | dict(rope_scaling=dict(type="linear", factor=4))
    yield "llama tied", llama | dict(tie_word_embeddings=True, head_dim=64, num_key_value_heads=None)
    qwen2 = dict(
        model_type="qwen2", hidden_size=896, intermediate_size=4864, num_hidden_layers=24, num_attention_heads=14,
        num_key_value_heads=2, vocab_size=151936, max_position_embeddings=32768, max_window_layers=21,
        rms_norm_eps=1e-06, rope_theta=1000000.0, sliding_window=32768, tie_word_embeddings=True, use_mrope=False,
        use_sliding_window=False, hidden_act="silu")
    yield "qwen2.5 0.5b", qwen2
    yield "qwen2 windowed", qwen2 | dict(use_sliding_window=True)
    yield "qwen2 untied", {key: value for key, value in qwen2.items() if key != "tie_word_embeddings"}
    yield "qwen3 0.6b", dict(
        model_type="qwen3", attention_bias=False, head_dim=128, hidden_size=1024, intermediate_size=3072,
        num_hidden_layers=28, num_attention_heads=16, num_key_value_heads=8, vocab_size=151936,
        max_position_embeddings=40960, max_window_layers=28, rms_norm_eps=1e-06, rope_scaling=None,
        rope_theta=1000000, sliding_window=None, tie_word_embeddings=True, use_sliding_window=False,
        hidden_act="silu")
    gemma = dict(
        model_type="gemma3_text", attention_bias=False, attn_logit_softcapping=None, final_logit_softcapping=None,
        head_dim=256, hidden_activation="gelu_pytorch_tanh", hidden_size=1152, intermediate_size=6912,
        max_position_embeddings=32768, num_attention_heads=4, num_hidden_layers=26, num_key_value_heads=1,
        query_pre_attn_scalar=256, rms_norm_eps=1e-06, rope_local_base_freq=10000, rope_scaling=None,
        rope_theta=1000000, sliding_window=512, sliding_window_pattern=6, vocab_size=262144)
    yield "gemma 3 1b", gemma
    types = ["full_attention" if index % 6 == 5 else "sliding_attention" for index in range(18)]
    yield "gemma 3 270m", {key: value for key, value in gemma.items() if key != "sliding_window_pattern"} | dict(
        hidden_size=640, intermediate_size=2048, num_hidden_layers=18, layer_types=types, _sliding_window_pattern=6,
        use_bidirectional_attention=False)
    yield "gemma capped", gemma | dict(final_logit_softcapping=30.0, query_pre_attn_scalar=168)
    yield "gemma 3 4b", dict(
        model_type="gemma3", mm_tokens_per_image=256, vision_config=dict(model_type="siglip_vision_model"),
        text_config=dict(
            model_type="gemma3_text", hidden_size=2560, intermediate_size=10240, num_hidden_layers=34,
            rope_scaling=dict(factor=8.0, rope_type="linear"), sliding_window=1024))


    yield "mistral v0.1", dict(
        model_type="mistral", hidden_act="silu", hidden_size=4096, intermediate_size=14336,
        max_position_embeddings=32768, num_attention_heads=32, num_hidden_layers=32, num_key_value_heads=8,
        rms_norm_eps=1e-05, rope_theta=10000.0, sliding_window=4096, tie_word_embeddings=False, vocab_size=32000)
    mistral = dict(
        model_type="mistral", hidden_act="silu", hidden_size=5120, intermediate_size=14336,
        max_position_embeddings=131072, num_attention_heads=32, num_hidden_layers=40, num_key_value_heads=8,
        head_dim=128, rms_norm_eps=1e-05, rope_theta=1000000.0, tie_word_embeddings=False, vocab_size=131072)
    yield "mistral nemo", mistral | dict(sliding_window=None)
    yield "mistral, window not named", mistral
    olmo2 = dict(
        model_type="olmo2", attention_bias=False, hidden_act="silu", hidden_size=2048, intermediate_size=8192,
        max_position_embeddings=4096, num_attention_heads=16, num_hidden_layers=16, num_key_value_heads=16,
        rms_norm_eps=1e-06, rope_scaling=None, rope_theta=500000, tie_word_embeddings=False, vocab_size=100352)
    yield "olmo 2 1b", olmo2
    olmo3 = olmo2 | dict(
        model_type="olmo3", hidden_size=4096, intermediate_size=11008, max_position_embeddings=65536,
        num_attention_heads=32, num_hidden_layers=32, num_key_value_heads=32, vocab_size=100278, sliding_window=4096)
    kinds = ["full_attention" if index % 4 == 3 else "sliding_attention" for index in range(32)]
    yield "olmo 3 7b", olmo3 | dict(
        layer_types=kinds, rope_scaling=dict(
            attention_factor=1.2079441541679836, beta_fast=32.0, beta_slow=1.0, factor=8.0,
            original_max_position_embeddings=8192, rope_type="yarn"))
    yield "olmo 3, plain", {key: value for key, value in olmo3.items() if key != "sliding_window"}
    phi3 = dict(
        model_type="phi3", hidden_act="silu", hidden_size=3072, intermediate_size=8192, max_position_embeddings=4096,
        num_attention_heads=32, num_hidden_layers=32, num_key_value_heads=32, original_max_position_embeddings=4096,
        rms_norm_eps=1e-05, rope_scaling=None, rope_theta=10000.0, sliding_window=2047, tie_word_embeddings=False,
        vocab_size=32064, attention_bias=False)
    yield "phi 3 mini 4k", phi3
    yield "phi 3.5 mini", phi3 | dict(
        max_position_embeddings=131072, sliding_window=262144, rope_scaling=dict(
            type="longrope", long_factor=[float(index) for index in range(1, 49)],
            short_factor=[1 + index / 64 for index in range(48)]))
    yield "phi 4 mini", phi3 | dict(
        max_position_embeddings=131072, num_attention_heads=24, num_key_value_heads=8, partial_rotary_factor=0.75,
        sliding_window=262144, tie_word_embeddings=True, vocab_size=200064, rope_scaling=dict(
            type="longrope", long_factor=[float(index) for index in range(1, 49)], short_factor=[1.0] * 48))
    yield "phi 4", phi3 | dict(
        hidden_size=5120, intermediate_size=17920, max_position_embeddings=16384, num_attention_heads=40,
        num_hidden_layers=40, num_key_value_heads=10, original_max_position_embeddings=16384, rope_theta=250000,
        sliding_window=None, vocab_size=100352)
    smollm3 = dict(
        model_type="smollm3", attention_bias=False, hidden_act="silu", hidden_size=2048, intermediate_size=11008,
        max_position_embeddings=65536, max_window_layers=28, mlp_bias=False, no_rope_layer_interval=4,
        no_rope_layers=[int(index % 4 != 3) for index in range(36)], num_attention_heads=16, num_hidden_layers=36,
        num_key_value_heads=4, rms_norm_eps=1e-06, rope_scaling=None, rope_theta=5000000.0, sliding_window=None,
        use_sliding_window=False, vocab_size=128256, layer_types=["full_attention"] * 36)
    yield "smollm3 3b", smollm3
    yield "smollm3, by interval", {
        key: value for key, value in smollm3.items() if key not in ("no_rope_layers", "layer_types")}


def rotary(parameters, config=None):
    kind = parameters["rope_type"]
    scaling = {
        "default": lambda: {"none": {}},
        "linear": lambda: {"linear": {"factor": parameters["factor"]}},
        "llama3": lambda: {"llama3": {
            "factor": parameters["factor"], "lowFrequency": parameters["low_freq_factor"],
            "highFrequency": parameters["high_freq_factor"],
            "originalContext": parameters["original_max_position_embeddings"]}},
        "yarn": lambda: {"yarn": {
            "factor": parameters["factor"], "originalContext": parameters["original_max_position_embeddings"],
            "betaFast": parameters["beta_fast"], "betaSlow": parameters["beta_slow"],
            "attentionFactor": parameters["attention_factor"]}},
        "longrope": lambda: {"longrope": {
            "factors": parameters["short_factor"],
            "attentionFactor": transformers.modeling_rope_utils.ROPE_INIT_FUNCTIONS["longrope"](config, "cpu")[1]}},
    }[kind]()
    return {"base": parameters["rope_theta"], "scaling": scaling}


def understood(config):
    """The fields of TransformerConfiguration from a `transformers` object."""
    config = config.get_text_config()
    family = config.model_type.removesuffix("_text")
    gemma = family == "gemma3"
    everywhere = family in ("mistral", "phi3") and config.sliding_window is not None
    kinds = getattr(config, "layer_types", None) or [
        "sliding_attention" if everywhere else "full_attention"] * config.num_hidden_layers
    windowed = [kind == "sliding_attention" for kind in kinds]
    rope = config.rope_parameters
    head_width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    full = rope["full_attention"] if gemma or family == "olmo3" else rope
    context, olmo = config.max_position_embeddings, family.startswith("olmo")
    if full["rope_type"] == "longrope":
        context = config.original_max_position_embeddings
    fields = dict(
        family=family, vocabulary=config.vocab_size, width=config.hidden_size, layers=config.num_hidden_layers,
        heads=config.num_attention_heads, keyValueHeads=config.num_key_value_heads, headWidth=head_width,
        hidden=config.intermediate_size, context=context, normEpsilon=config.rms_norm_eps,
        gate="gelu" if gemma else "silu", rotary=rotary(full, config),
        rotaryWidth=int(head_width * full.get("partial_rotary_factor", 1.0)),
        isRotated=[bool(has) for has in getattr(config, "no_rope_layers", [1] * config.num_hidden_layers)],
        isWindowed=windowed, tiedEmbeddings=config.tie_word_embeddings, attentionBias=family == "qwen2",
        queryKeyNorm="whole" if olmo else "perHead" if gemma or family == "qwen3" else "none",
        norms="after" if olmo else "sandwich" if gemma else "before",
        attentionScale=float(np.float32((config.query_pre_attn_scalar if gemma else head_width) ** -0.5)),
        embeddingScale=float(np.float32(config.hidden_size ** 0.5)) if gemma else 1.0)
    if gemma or family == "olmo3":
        fields["localRotary"] = rotary(rope["sliding_attention"])
    if any(windowed):
        fields["window"] = config.sliding_window
    if getattr(config, "final_logit_softcapping", None):
        fields["logitCap"] = config.final_logit_softcapping
    return fields


def write_configurations():
    cases = []
    for name, config in configurations():
        for form in ("published", "saved again"):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "config.json"
                path.write_text(json.dumps(config))
                loaded = transformers.AutoConfig.from_pretrained(folder)
                if form == "saved again":
                    loaded.save_pretrained(folder)
                    loaded = transformers.AutoConfig.from_pretrained(folder)
                text = json.dumps(json.loads(path.read_text()))
            cases.append({"name": f"{name}, {form}", "json": text, "expected": understood(loaded)})
    (HERE / "configurations.json").write_text(json.dumps(cases))


def write_gemma(path):
    """One weight of each form of the real model."""
    names = {
        "output_norm.weight": "model.norm.weight", "blk.0.attn_q.weight": "model.layers.0.self_attn.q_proj.weight",
        "blk.0.attn_v.weight": "model.layers.0.self_attn.v_proj.weight",
        "blk.17.attn_output.weight": "model.layers.17.self_attn.o_proj.weight",
        "blk.0.ffn_down.weight": "model.layers.0.mlp.down_proj.weight",
        "blk.5.ffn_norm.weight": "model.layers.5.pre_feedforward_layernorm.weight",
        "blk.5.post_attention_norm.weight": "model.layers.5.post_attention_layernorm.weight",
    }
    result = {}
    for tensor in gguf.GGUFReader(path).tensors:
        if tensor.name in names:
            values = quants.dequantize(tensor.data, tensor.tensor_type).reshape(tensor.shape[::-1])
            result[names[tensor.name]] = summary(values) | {"kind": tensor.tensor_type.name}
    (HERE / "gemma.json").write_text(json.dumps(result))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write_gemma(sys.argv[1])
    everything = {"formats.gguf": {}}
    write_formats(everything["formats.gguf"])
    write_folders(everything)
    write_models(everything)
    write_configurations()
    (HERE / "expected.json").write_text(json.dumps(everything))

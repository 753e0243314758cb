"""Writes a folder of tiny GGUF files with odd but legal contents, and cases.json: what `transformers` computes with the same
numbers, or what the error is to say.

    python make_gguf_cases.py FOLDER                 (torch 2.15, transformers 5.24, gguf 0.19)
    GGUF_CASES=FOLDER swift test --filter GGUFCasesTests
"""

import json
import pathlib
import sys

import gguf
import numpy as np
import torch
import transformers
from gguf import GGMLQuantizationType as Type
from gguf import quants

FOLDER = pathlib.Path(sys.argv[1])
TOKENS = [1, 5, 9, 4, 4, 17, 30, 2, 11, 8, 25, 3]
CASES = []
BASE = dict(
    vocab_size=48, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=128, bos_token_id=1, eos_token_id=2, pad_token_id=0, tie_word_embeddings=False)
CONFIGS = {
    "llama": transformers.LlamaConfig, "qwen2": transformers.Qwen2Config, "qwen3": transformers.Qwen3Config,
    "gemma3": transformers.Gemma3TextConfig, "phi3": transformers.Phi3Config, "olmo2": transformers.Olmo2Config,
    "smollm3": transformers.SmolLM3Config,
}


def permute(rows, heads):
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def case(name, family="llama", *, kind=Type.F32, kinds=None, norms=Type.F32, endian=gguf.GGUFEndian.LITTLE, alignment=None,
         error=None, configure=None, edit=None, tokenizer="llama", extra=None, drop=(), shard=None, cut=None, **changes):
    """`configure` writes further metadata, `edit` changes the weights' names or numbers; `error` is what an error says."""
    torch.manual_seed(5)
    config = CONFIGS[family](**BASE | changes)
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.2)
    path = FOLDER / f"{name}.gguf"
    split = dict(split_max_tensors=shard) if shard else {}
    writer = gguf.GGUFWriter(path, family, endianess=endian, **split)
    metadata(writer, family, config, drop)
    if alignment:
        writer.add_custom_alignment(alignment)
    if tokenizer:
        add_tokenizer(writer, tokenizer, config.vocab_size)
    if configure:
        configure(writer)
    names = gguf.get_tensor_name_map(getattr(gguf.MODEL_ARCH, family.upper()), 8)
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    state, read = model.state_dict(), {}
    for index, key in enumerate(sorted(state)):
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = state[key].float().numpy()
        if family == "gemma3" and key.endswith("norm.weight"):
            values = values + 1
        module = key.split(".")[-2]
        paired = heads[module] if family in ("llama", "smollm3") and module in heads else None
        values = permute(values, paired) if paired else values
        wanted = (kinds[index % len(kinds)] if kinds else kind) if values.ndim == 2 else norms
        stored = quants.quantize(np.ascontiguousarray(values), fitting(wanted, values))
        used = fitting(wanted, values)
        back = quants.dequantize(stored, used).reshape(values.shape)
        if paired:
            back = back.reshape(paired, back.shape[0] // paired // 2, 2, *back.shape[1:]).swapaxes(1, 2).reshape(back.shape)
        read[key] = torch.tensor(back - 1 if family == "gemma3" and key.endswith("norm.weight") else back)
        target = names.get_name(key, try_suffixes=(".weight", ".bias"))
        if edit and not (target := edit(target)):
            continue
        writer.add_tensor(target, stored, raw_dtype=used)
    for key, values in (extra or {}).items():
        writer.add_tensor(key, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    file = next(iter(sorted(FOLDER.glob(f"{name}-*-of-*.gguf"))), path)
    if cut:
        file.write_bytes(file.read_bytes()[:-cut])
    if config.tie_word_embeddings:
        read["lm_head.weight"] = read["model.embed_tokens.weight"]
    model.load_state_dict(read)
    with torch.no_grad():
        logits = model(torch.tensor([TOKENS])).logits[0, -1].double().tolist()
    CASES.append({"file": file.name, "tokens": TOKENS, "logits": [] if error else logits, "error": error or ""})


def fitting(kind, values):
    """What llama.cpp's quantize falls back to where rows are no whole blocks."""
    if kind in (Type.F32, Type.F16, Type.BF16) or values.shape[-1] % gguf.GGML_QUANT_SIZES[kind][0] == 0:
        return kind
    return Type.F16


def metadata(writer, family, config, drop):
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    rope = config.rope_parameters
    rope = rope.get("full_attention", rope)
    values = {
        "context_length": lambda: writer.add_context_length(config.max_position_embeddings),
        "embedding_length": lambda: writer.add_embedding_length(config.hidden_size),
        "block_count": lambda: writer.add_block_count(config.num_hidden_layers),
        "feed_forward_length": lambda: writer.add_feed_forward_length(config.intermediate_size),
        "head_count": lambda: writer.add_head_count(config.num_attention_heads),
        "head_count_kv": lambda: writer.add_head_count_kv(config.num_key_value_heads),
        "rms": lambda: writer.add_layer_norm_rms_eps(config.rms_norm_eps),
        "key_length": lambda: (writer.add_key_length(width), writer.add_value_length(width)),
        "rope": lambda: writer.add_rope_freq_base(rope["rope_theta"]),
        "dimension": lambda: writer.add_rope_dimension_count(width),
        "window": lambda: family == "gemma3" and writer.add_sliding_window(config.sliding_window),
        "scaling": lambda: scaling(writer, rope),
    }
    for name, write in values.items():
        if name not in drop:
            write()


def scaling(writer, rope):
    kind = rope.get("rope_type", "default")
    if kind == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    elif kind == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])


def add_tokenizer(writer, kind, count):
    pieces = ["<unk>", "<s>", "</s>", "\u2581", "a", "b", "ab", "c", "abc"]
    pieces += [f"piece{index}" for index in range(len(pieces), count)]
    writer.add_tokenizer_model(kind.split(":")[0])
    writer.add_tokenizer_pre(kind.split(":")[1] if ":" in kind else "default")
    writer.add_token_list(pieces)
    writer.add_token_types([2, 3, 3] + [1] * (count - 3))
    if kind.startswith("llama"):
        writer.add_token_scores([-float(index) for index in range(count)])
    else:
        writer.add_token_merges(["a b", "ab c"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)


def llama3_factors(width, base, factor, low=1.0, high=4.0, context=8192):
    frequencies = base ** (-np.arange(0, width, 2) / width)
    waves = 2 * np.pi / frequencies
    ramp = np.clip((context / waves - low) / (high - low), 0, 1)
    return (1 / ((1 - ramp) / factor + ramp)).astype(np.float32)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rope = lambda **more: dict(rope_parameters=dict(rope_type="default", rope_theta=10000.0) | more)  # noqa: E731
    for family in CONFIGS:
        heads = {} if family in ("phi3", "olmo2") else dict(head_dim=32)
        # llama.cpp takes the width of a head for what Gemma's attention is scaled by.
        heads |= dict(query_pre_attn_scalar=32) if family == "gemma3" else {}
        window = dict(sliding_window=6) if family == "gemma3" else {}
        case(f"{family}-plain", family, **window)
        case(f"{family}-tied-head", family, tie_word_embeddings=True, **heads, **window)
        case(f"{family}-bf16-norms", family, kind=Type.BF16, norms=Type.BF16, **window)
        case(f"{family}-q8-f16-norms", family, kind=Type.Q8_0, norms=Type.F16, alignment=64, **window)
    case("llama-mixed-blocks", kinds=[Type.Q8_0, Type.Q5_0, Type.F16, Type.Q4_0, Type.Q4_1], hidden_size=64)
    case("llama-no-rope-key", drop=("rope", "dimension", "key_length"))
    case("llama-no-kv-heads", drop=("head_count_kv",), num_key_value_heads=4)
    case("llama-kv-array", drop=("head_count_kv",), configure=lambda w: w.add_head_count_kv([2, 2]))
    case("llama-kv-array-differs", drop=("head_count_kv",), error="head_count_kv", configure=lambda w: w.add_head_count_kv([2, 4]))
    case("llama-linear", **rope(rope_type="linear", factor=4.0))
    case("llama-yarn", **rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=32))
    case("qwen2-yarn", "qwen2", **rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=32))
    case("qwen3-yarn", "qwen3", **rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=32))
    llama3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                  original_max_position_embeddings=8192)
    case("llama-llama3", rope_parameters=llama3, extra={"rope_freqs.weight": llama3_factors(16, 500000.0, 8.0)})
    other = llama3 | dict(original_max_position_embeddings=32)
    case("llama-other-table", rope_parameters=other, error="rope_freqs.weight",
         extra={"rope_freqs.weight": llama3_factors(16, 500000.0, 8.0, context=32)})
    case("llama-old-linear", configure=lambda w: w.add_float32("llama.rope.scale_linear", 2.0), **rope(rope_type="linear", factor=2.0),
         drop=("scaling",))
    case("gemma3-linear", "gemma3", sliding_window=4, num_hidden_layers=6, rope_parameters={
        "full_attention": dict(rope_type="linear", rope_theta=1e6, factor=8.0),
        "sliding_attention": dict(rope_type="default", rope_theta=10000.0)})
    case("llama-split", shard=4)
    case("llama-padded-rows", tokenizer=None, configure=lambda w: add_tokenizer(w, "llama", 40))
    case("llama-more-tokens", error="do not belong together", tokenizer=None, configure=lambda w: add_tokenizer(w, "llama", 60))
    case("llama-biases", error=".bias', which llama models", attention_bias=True)
    case("qwen2-no-bias", "qwen2", error="lacks the weight", edit=lambda name: None if name.endswith("attn_q.bias") else name)
    case("llama-scaled", error="llama.logit_scale", configure=lambda w: w.add_logit_scale(0.5))
    case("llama-attention-scale", error="llama.attention.scale", configure=lambda w: w.add_attention_scale(0.5))
    case("llama-two-way", error="llama.attention.causal", configure=lambda w: w.add_causal_attention(False))
    case("llama-neutral", configure=lambda w: (w.add_logit_scale(1.0), w.add_causal_attention(True), w.add_expert_count(0)))
    case("llama-partial", error="rope.dimension_count", drop=("dimension",), configure=lambda w: w.add_rope_dimension_count(8))
    case("llama-cut", error="cut off", cut=100)
    case("llama-big-endian", error="big-endian", endian=gguf.GGUFEndian.BIG)
    case("llama-no-tokenizer", error="no tokenizer", tokenizer=None)
    case("llama-none-tokenizer", error="'none'", tokenizer=None, configure=lambda w: (w.add_tokenizer_model("none"), w.add_token_list(["a", "b"])))
    case("llama-bert", error="'bert'", tokenizer="bert")
    case("llama-no-pre", error="default", tokenizer="gpt2")
    for pre in ("tekken", "gpt-4o", "deepseek-v3", "smollm", "dbrx", "superbpe"):
        case(f"llama-{pre}", tokenizer=f"gpt2:{pre}")
    case("llama-no-space", configure=lambda w: w.add_add_space_prefix(False))
    case("llama-extra-weight", error="blk.0.surprise.weight", extra={"blk.0.surprise.weight": np.ones((4, 4), dtype=np.float32)})
    case("llama-odd-arrays", configure=lambda w: (w.add_array("general.tags", ["a", "b"]), w.add_array("x.bools", [True, False]),
                                                  w.add_array("x.numbers", [1.5, 2.5]), w.add_array("x.nested", [[1, 2], [3]])))
    (FOLDER / "cases.json").write_text(json.dumps(CASES))
    print(len(CASES), "cases,", sum(bool(case["error"]) for case in CASES), "of them errors")


if __name__ == "__main__":
    main()

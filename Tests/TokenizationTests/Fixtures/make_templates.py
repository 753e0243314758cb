"""Makes templates.json beside this file: published chat templates, and what jinja2 makes of dialogues with them, set up as
`apply_chat_template` of transformers sets it up.

    python make_templates.py TRL XINFERENCE AXOLOTL        (transformers 5.24, jinja2 3.1.6)

The arguments are the unpacked packages trl 1.16.0 and xinference 4.1.0 (PyPI) and a checkout of axolotl, all Apache-2.0: their
template files are the models' own.
"""

import datetime
import glob
import json
import pathlib
import sys

from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).parent
DAY = datetime.datetime(2024, 7, 26)
DIALOGUES = [
    [("user", "Hi")],
    [("system", "Be brief."), ("user", " What is 2 + 2?\n")],
    [("user", "List.\n\n"), ("assistant", "a.txt\nb.txt "), ("user", "\n<b>Thanks</b>  \u00e9")],
    [("system", "Rules: One."), ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d"), ("user", "e")],
    [("user", "a"), ("assistant", "<think>\nWell.\n</think>\n\nb"), ("user", "c")],
    [("system", "Brief. /no_think"), ("user", "'q' \"r\" \\n </think> x"), ("assistant", "\nb"), ("user", "<|im_end|>{{ x }}")],
]
TRL = [
    "cohere2", "deepseek_r1_distill", "deepseekv3", "gemma", "gemma3", "glm4moe", "gptoss", "lfm2", "llama3", "llama3_1",
    "llama3_2", "phi3", "phi3_5", "qwen2_5", "qwen3", "qwen3_5_think", "qwen3_instruct_2507",
]
XINFERENCE = [
    "QwQ-32B", "Yi-1.5-chat-16k", "code-llama-instruct", "deepseek-coder-instruct", "deepseek-r1-0528", "glm4-0414", "glm4-chat",
    "internlm3-instruct", "minicpm5-1b", "mistral-instruct-v0.1", "mistral-instruct-v0.3", "phi-3-mini-128k-instruct", "seed-oss",
]
AXOLOTL = ["exaone4", "falcon_h1", "gemma3n", "llama4", "mistral_v3_tekken", "mistral_v7_tekken", "phi_4", "command_a"]


def templates(trl, xinference, axolotl):
    for name in TRL:
        yield f"trl {name}", pathlib.Path(f"{trl}/trl/chat_templates/{name}.jinja").read_text(encoding="utf-8")
    for name in XINFERENCE:
        found = json.loads(pathlib.Path(f"{xinference}/xinference/model/llm/models/{name}.json").read_text(encoding="utf-8"))
        yield f"xinference {name}", next(template_in(found))
    for name in AXOLOTL:
        path = next(glob.iglob(f"{axolotl}/**/chat_templates/templates/{name}.jinja", recursive=True))
        yield f"axolotl {name}", pathlib.Path(path).read_text(encoding="utf-8")


def template_in(saved):
    if isinstance(saved, dict):
        if isinstance(saved.get("chat_template"), str):
            yield saved["chat_template"]
        saved = list(saved.values())
    if isinstance(saved, list):
        for member in saved:
            yield from template_in(member)


def render(template, messages):
    compiled = chat_template_utils._compile_jinja_template(template)
    compiled.globals["strftime_now"] = DAY.strftime
    roles = [{"role": role, "content": text} for role, text in messages]
    try:
        return compiled.render(
            messages=roles, tools=None, documents=None, add_generation_prompt=True, bos_token="<s>", eos_token="</s>")
    except Exception as error:  # noqa: BLE001  whatever the template raises, it refuses the dialogue
        print("   refused:", type(error).__name__, error)
        return None


def main(*folders):
    result = []
    for name, template in templates(*folders):
        ruled = render(template, [("system", "qsystemq"), ("user", "quserq")])
        # A template without a place for the system's message: it begins the first user's, as the product has it.
        merges = ruled is None or "qsystemq" not in ruled
        texts = []
        for messages in DIALOGUES:
            if merges and messages[0][0] == "system":
                messages = [("user", messages[0][1] + "\n\n" + messages[1][1]), *messages[2:]]
            texts.append(render(template, messages))
        print(name, "merges" if merges else "")
        result.append({"name": name, "template": template, "texts": texts})
    saved = {"dialogues": DIALOGUES, "templates": result}
    (HERE / "templates.json").write_text(json.dumps(saved, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

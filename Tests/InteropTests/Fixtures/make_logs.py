"""Writes the Inspect logs in `logs`: `python make_logs.py logs` with a Python that has inspect_ai 0.3.285.

Two tasks with tools, reasoning, epochs, a dialogue, an error and a message limit, answered by mockllm. The .eval files are packed
by zstd, as Inspect writes them. `expected.json` is what read_eval_log says of them.
"""
import json
import os
import sys
import tempfile

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import read_eval_log, write_eval_log
from inspect_ai.model import (
    ChatCompletionChoice, ChatMessageAssistant, ChatMessageUser, ContentReasoning, ContentText, ModelOutput, ModelUsage,
    get_model,
)
from inspect_ai.scorer import Score, Target, accuracy, includes, mean, scorer
from inspect_ai.solver import TaskState, generate, system_message, use_tools
from inspect_ai.tool import ToolCall, ToolError, tool


@tool
def bash():
    async def execute(cmd: str) -> str:
        """Run a command.

        Args:
            cmd: The command.
        """
        if cmd == "fail":
            raise ToolError("no such command")
        return f"ran {cmd} </stdout> <b>ä"
    return execute


@tool
def lookup():
    async def execute(word: str, times: int) -> str:
        """Look a word up.

        Args:
            word: The word.
            times: How often.
        """
        return word * times
    return execute


@scorer(metrics=[mean()])
def length():
    async def score(state: TaskState, target: Target) -> Score:
        return Score(value=float(len(state.output.completion)), answer=state.output.completion)
    return score


@scorer(metrics={"polite": [mean()], "brief": [accuracy()]})
def manner():
    async def score(state: TaskState, target: Target) -> Score:
        return Score(value={"polite": True, "brief": "P" if len(state.output.completion) > 10 else "C"})
    return score


def reply(messages, tools, tool_choice, config):
    text = messages[-1].text
    question = next(m.text for m in messages if m.role == "user")
    if "break" in question:
        raise RuntimeError("the model broke")
    if "loop" in question:
        return call("bash", {"cmd": "again"}, "once more")
    if messages[-1].role == "tool":
        if messages[-1].error:
            return call("lookup", {"word": "a", "times": 2}, "")
        return answer("the secret <bash>rm</bash> thought", f"It is 4. {text[:12]}")
    if "fail" in question:
        return call("bash", {"cmd": "fail"}, "I try.")
    if "tool" in question:
        return call("bash", {"cmd": "ls -l\necho 'x'"}, "I look.")
    return answer("two and two", "4")


def answer(thought, text):
    message = ChatMessageAssistant(content=[ContentReasoning(reasoning=thought), ContentText(text=text)], source="generate")
    return output(message, "stop")


def call(name, arguments, text):
    message = ChatMessageAssistant(
        content=text, tool_calls=[ToolCall(id=f"call-{name}", function=name, arguments=arguments)], source="generate")
    return output(message, "tool_calls")


def output(message, reason):
    usage = ModelUsage(
        input_tokens=10, output_tokens=5, total_tokens=17, input_tokens_cache_read=2, reasoning_tokens=3)
    return ModelOutput(
        model="mockllm/model", choices=[ChatCompletionChoice(message=message, stop_reason=reason)], usage=usage)


def run(folder, samples, name, limit=None, **options):
    task = Task(
        name=name, dataset=samples, solver=[system_message("Be good."), use_tools(bash(), lookup()), generate()],
        scorer=[includes(), length(), manner()], message_limit=limit)
    return eval(
        task, model=get_model("mockllm/model", custom_outputs=reply), log_dir=folder, display="none", fail_on_error=False,
        **options)[0]


def summary(path):
    log = read_eval_log(path)
    return {
        "status": log.status, "task": log.eval.task, "model": log.eval.model,
        "samples": [
            {
                "id": s.id, "epoch": s.epoch, "error": s.error.message if s.error else None,
                "limit": s.limit.type if s.limit else None,
                "scores": {k: v.value for k, v in (s.scores or {}).items()},
                "messages": [[m.role, m.text] for m in s.messages],
                "usage": {k: [u.input_tokens, u.output_tokens] for k, u in s.model_usage.items()},
            }
            for s in sorted(log.samples, key=lambda s: (str(s.id), s.epoch))
        ],
    }


def main(folder):
    work = tempfile.mkdtemp()
    question = [ChatMessageUser(content="What is 2+2? <|end|> & no <bash>"), ChatMessageAssistant(content="Hm."), ChatMessageUser(content="Well?")]
    arithmetic = [
        Sample(id="plain", input="What is 2+2?", target="4"), Sample(id="with tool", input="use the tool", target="4"),
        Sample(id="fail/../x", input="let it fail", target="4"), Sample(id="break", input="break", target="4"),
        Sample(id="dialogue", input=question, target="5"),
    ]
    logs = [
        run(work, arithmetic, "arithmetic", epochs=2),
        run(work, [Sample(input="loop forever", target="4"), Sample(input="use the tool", target="4")], "limited", limit=6),
    ]
    expected = {}
    for log, name in zip(logs, ["arithmetic", "limited"]):
        log = read_eval_log(log.location)
        # Tracebacks and warnings name the paths of the machine.
        for sample in log.samples:
            sample.events = [e for e in sample.events if e.event not in ("error", "logger") and not getattr(e, "error", None)]
            if sample.error:
                sample.error.traceback = sample.error.traceback_ansi = ""
        write_eval_log(log, os.path.join(folder, f"{name}.eval"))
        if name == "limited":
            write_eval_log(log, os.path.join(folder, f"{name}.json"))
        expected[name] = summary(os.path.join(folder, name + ".eval"))
    json.dump(expected, open(os.path.join(folder, "expected.json"), "w"), indent=1, sort_keys=True)


main(sys.argv[1])

"""Writes the folder of Harbor trials in `trials`: `python make_trials.py trials` with Python 3.12 and harbor 0.26.0, whose own
models check everything that is written."""
import json
import pathlib
import sys
from datetime import UTC, datetime

from harbor.models.task.id import LocalTaskId
from harbor.models.trajectories import Trajectory
from harbor.models.trial.config import TaskConfig, TrialConfig
from harbor.models.trial.result import AgentInfo, ExceptionInfo, ModelInfo, TrialResult
from harbor.models.verifier.result import VerifierResult


def trajectory(version, steps, **more):
    return Trajectory.model_validate({
        "schema_version": f"ATIF-{version}", "session_id": "s",
        "agent": {"name": "terminus-2", "version": "2.0", "model_name": "openai/gpt"},
        "steps": [{"step_id": number + 1, **step} for number, step in enumerate(steps)], **more,
    }).to_json_dict()


def result(task, trial, rewards=None, exception=None):
    return json.loads(TrialResult(
        task_name=task, trial_name=trial, trial_uri="file:///trials/" + trial, task_id=LocalTaskId(path=pathlib.Path(task)),
        task_checksum="0", config=TrialConfig(task=TaskConfig(path=pathlib.Path(task))),
        agent_info=AgentInfo(name="terminus-2", version="2.0", model_info=ModelInfo(name="gpt", provider="openai")),
        verifier_result=VerifierResult(rewards=rewards) if rewards else None, exception_info=exception,
    ).model_dump_json())


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1))


ASK = [{"source": "system", "message": "Use the shell."}, {"source": "user", "message": "Count the files."}]
LOOK = {
    "source": "agent", "message": "I look.", "reasoning_content": "there may be many",
    "tool_calls": [
        {"tool_call_id": "a", "function_name": "bash_command", "arguments": {"keystrokes": "ls\n", "duration": 1}},
        {"tool_call_id": "b", "function_name": "mark", "arguments": {"done": True}}],
    "observation": {"results": [{"source_call_id": "a", "content": "one two"}, {"source_call_id": "b", "content": None}]},
    "metrics": {"prompt_tokens": 100, "completion_tokens": 20, "cached_tokens": 30, "cost_usd": 0.25},
}
END = {"source": "agent", "message": "There are 2.", "metrics": {"prompt_tokens": 150, "completion_tokens": 5}}
DISPATCH = {"source": "agent", "message": "By rule.", "llm_call_count": 0}
COPIED = {"source": "agent", "message": "I look.", "is_copied_context": True}


def main(folder):
    root = pathlib.Path(folder)
    write(root / "count__aaa/agent/trajectory.json", trajectory("v1.4", ASK + [LOOK, END]))
    write(root / "count__aaa/agent/other.json", "not a trajectory")
    write(root / "count__aaa/result.json", result("count", "count__aaa", {"reward": 1, "speed": 0.5}))
    # Two more trials of the task: one cut off and graded, one that failed.
    cut = ExceptionInfo(
        exception_type="AgentTimeoutError", exception_message="900 s", exception_traceback="", occurred_at=datetime.now(UTC))
    write(root / "count__bbb/agent/trajectory.json", trajectory("v1.8", ASK + [DISPATCH, LOOK]))
    write(root / "count__bbb/result.json", result("count", "count__bbb", {"reward": 0}, cut))
    lost = cut.model_copy(update={"exception_type": "EnvironmentStartTimeoutError", "exception_message": "no box"})
    write(root / "count__ccc/agent/trajectory.json", trajectory("v1.0", ASK))
    write(root / "count__ccc/result.json", result("count", "count__ccc", exception=lost))
    # A trial without result.json, whose trajectory goes on in a second file.
    write(root / "sort__ddd/agent/trajectory.json", trajectory(
        "v1.6", ASK + [LOOK], continued_trajectory_ref="trajectory.cont-1.json",
        final_metrics={"total_prompt_tokens": 7, "total_completion_tokens": 3}))
    write(root / "sort__ddd/agent/trajectory.cont-1.json", trajectory("v1.6", ASK + [COPIED, END]))
    write(root / "sort__ddd/verifier/reward.txt", "0.75\n")


main(sys.argv[1])

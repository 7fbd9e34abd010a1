"""Those who send files to a server and decide on them over HTTP, until it is killed."""

from __future__ import annotations

import hashlib
import random
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx

from tests.staff import SUBMISSION, district

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.intake.submissions.whole import Acknowledged

_BOUNDARY: Final = "a-boundary"


class Patrons:
    """A submitter and a steward at work, each in a thread. What is asked for can be awaited, and
    ``done``: that a file was taken in.
    """

    def __init__(self, url: str, tokens: dict[str, str], acknowledged: Acknowledged, seed: str) -> None:
        self._url, self._tokens, self._acknowledged, self._seed = url, tokens, acknowledged, seed
        self._is_over = threading.Event()
        self._begun = threading.Condition()
        self._acts: list[str] = []
        self.failures: Counter[str] = Counter()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Lets them work; once this is left, which is after the kill, they have gone."""
        threads = [threading.Thread(target=work) for work in (self._submit, self._decide, self._dawdle)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._is_over.set()
            for each in threads:
                each.join()

    def await_act(self, act: str, seconds: float) -> bool:
        """Waits until something is asked for next; returns whether it was."""
        with self._begun:
            self._acts.clear()
            return self._begun.wait_for(lambda: act in self._acts, seconds)

    def _begin(self, act: str) -> None:
        with self._begun:
            self._acts.append(act)
            self._begun.notify_all()

    def _submit(self) -> None:
        chance = random.Random(self._seed)
        with self._client("Ann") as client, self._until_killed():
            for number in range(1_000_000):
                accepted = sorted(self._acknowledged.accepted - self._acknowledged.withdrawn)
                act = chance.choice(["new", "new", "revise", "withdraw"]) if accepted else "new"
                if self._is_over.is_set():
                    return
                self._begin(act)
                if act == "withdraw":
                    identifier = chance.choice(accepted)
                    answer = client.post(f"/submissions/{identifier}/withdrawal", json={"comment": "A mistake"})
                    if self._is_done(answer):
                        self._acknowledged.withdrawn.add(identifier)
                    continue
                content = district(f"{self._seed}-{number}")
                fields = {**SUBMISSION, **({"revises": chance.choice(accepted)} if act == "revise" else {})}
                answer = client.post("/submissions", files={"file": ("district.ttl", content)}, data=fields)
                if self._is_done(answer):
                    self._acknowledged.received[answer.json()["id"]] = hashlib.sha256(content).hexdigest()
                    self._begin("done")

    def _decide(self) -> None:
        with self._client("Eve") as client, self._until_killed():
            while not self._is_over.is_set():
                listed = client.get("/submissions", params={"state": "in-review"}).json()
                for each in listed["submissions"]:
                    self._begin("accept")
                    answer = client.post(f"/submissions/{each['id']}/decisions", json={"decision": "accept"})
                    if self._is_done(answer):
                        self._acknowledged.accepted.add(each["id"])

    def _dawdle(self) -> None:
        """Sends half a file, and the rest of it when all is over."""

        def body() -> Iterator[bytes]:
            for name, value in SUBMISSION.items():
                yield f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            head = 'Content-Disposition: form-data; name="file"; filename="half.ttl"'
            yield f"--{_BOUNDARY}\r\n{head}\r\n\r\n# {'half ' * 400_000}\n".encode()
            self._begin("half")
            self._is_over.wait()
            yield b"# the rest\n"

        with self._client("Bob") as client, self._until_killed():
            headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
            while not self._is_over.is_set():
                client.post("/submissions", content=body(), headers=headers)

    def _is_done(self, answer: httpx.Response) -> bool:
        if not answer.is_success:
            self.failures[f"{answer.status_code} {answer.json()['type'].rpartition('/')[2]}"] += 1
        return answer.is_success

    def _client(self, name: str) -> httpx.Client:
        return httpx.Client(
            base_url=self._url, headers={"Authorization": f"Bearer {self._tokens[name]}"}, timeout=120, trust_env=False
        )

    @contextmanager
    def _until_killed(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError:
            # Not acknowledged, whatever came of it.
            self.failures["cut"] += 1

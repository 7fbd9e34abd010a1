"""Submissions inside the writer: from what was announced in the register to the edits that carry it out."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Final

from pedgraph.errors import Conflict, DoesNotConform, StoreError
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.ownership import about_claims_of_others
from pedgraph.intake.submissions.accepting import Withdrawal, read_acceptance
from pedgraph.intake.submissions.describing import term
from pedgraph.intake.submissions.files import Files
from pedgraph.intake.submissions.records import Waiver
from pedgraph.intake.submissions.register import Register, directory_in
from pedgraph.intake.submissions.states import Act
from pedgraph.store.candidate import Candidate
from pedgraph.store.manifest import read_manifest
from pedgraph.vocabulary.iris import META_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.accepting import Acceptance
    from pedgraph.store.edits import Edits
    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)

ACCEPT: Final = "accept"
WITHDRAW: Final = "withdraw"


def change(edits: Edits, content: bytes, home: Path) -> None:
    """Carries out what was announced: the content names the submission and the token of the announcement.

    Called with the lock on versions held. Raises :class:`Conflict` where the announcement does not stand any more, and
    :class:`DoesNotConform` where claims that others made in the meantime would be changed.
    """
    job = json.loads(content)
    directory = directory_in(home)
    with Register(directory).reading() as reading:
        submission = reading.get(job["id"])
        intent = submission.intent
        if intent is None or intent.data["token"] != job["token"]:
            raise Conflict(f"This is not to be done with {submission.id} any more.", state=submission.state.value)
        if intent.data["act"] == Act.WITHDRAW:
            Withdrawal(submission, intent.at, job["token"]).apply(edits)
            return
        waivers = tuple(Waiver(**each) for each in intent.data["waivers"])
        acceptance = read_acceptance(reading, Files(directory), submission, intent.at, job["token"], waivers)
    _refuse_changes_to_others(edits, acceptance)
    acceptance.apply(edits)


def _refuse_changes_to_others(edits: Edits, acceptance: Acceptance) -> None:
    own_graphs = [acceptance.submission.graph, *(former.graph for former in acceptance.formers)]
    findings = about_claims_of_others(
        acceptance.triples, lambda node: edits.store.quads_for_pattern(node, None, None, None), own_graphs
    )
    if findings:
        told = [finding.as_json() for finding in translate(findings, ENGLISH)]
        raise DoesNotConform("Claims of others would be changed. Nothing was published.", findings=told)


def find_published(versions: Versions, token: str, base: int) -> int | None:
    """The version that carried out an announcement, if one has: its manifest says so, or, where it was pruned, the
    current one knows of it. ``base`` is the highest version when it was announced. The caller holds the lock on
    versions.
    """
    for number in versions.numbers():
        if number > base and _reason(versions, number).endswith(f"[{token}]"):
            return number
    if versions.pointer() is None:
        return None
    query = f'SELECT ?act {{ GRAPH <{META_GRAPH}> {{ ?act {term("dcterms:identifier")} "{token}" }} }}'
    return versions.current() if any(True for _ in Candidate(versions.store_directory()).query(query)) else None


def _reason(versions: Versions, number: int) -> str:
    try:
        return read_manifest(versions.directory(number)).reason
    except StoreError as error:
        log.warning("%s", error)
        return ""

"""Runs the suites against a server that runs already: ``python -m tests.w3c --help``."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.w3c.endpoint import Endpoint
from tests.w3c.manifests import Suites
from tests.w3c.neighbours import neighbours
from tests.w3c.running import endpoints_of, read, run_cases, table, write


def main() -> None:
    """Runs all tests, or those whose name holds a text; writes the verdicts and prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("suites", type=Path, help="folder that holds sparql10, sparql11 and sparql12")
    parser.add_argument("--query", help="address for queries")
    parser.add_argument("--update", help="address for updates")
    parser.add_argument("--graphs", help="address of the graph store")
    parser.add_argument("--key", default="", help="bearer token that allows writing")
    parser.add_argument("--neighbours", type=int, default=0, help="port for endpoints to be called; 0 makes none")
    parser.add_argument("--only", default="", help="part of the names of the tests to run")
    parser.add_argument("--verdicts", type=Path, required=True, help="file for the verdicts")
    parser.add_argument("--against", type=Path, help="verdicts of another server, to compare with")
    given = parser.parse_args()
    if given.query:
        suites = Suites(given.suites)
        every = suites.cases()
        cases = [case for case in every if given.only in str(case)]
        endpoint = Endpoint(given.query, given.update, given.graphs, given.key)
        with neighbours(endpoints_of(every), given.neighbours) as others:
            print("The server must be allowed to call", *others.addresses)  # noqa: T201
            write(list(run_cases(suites, cases, endpoint, others)), given.verdicts)
        endpoint.close()
    verdicts = read(given.verdicts)
    columns = {"this server": verdicts}
    known = {}
    if given.against:
        columns["the other"] = read(given.against)
        known = {verdict.test: verdict for verdict in columns["the other"]}
    for verdict in verdicts:
        if not verdict.passes:
            both = verdict.test in known and not known[verdict.test].passes
            print(f"{'both' if both else 'FAIL'} {verdict.group}: {verdict.test}: {verdict.wrong[:400]}")  # noqa: T201
    print(table(columns))  # noqa: T201


if __name__ == "__main__":
    main()

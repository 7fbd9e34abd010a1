"""The service that one writes in an afternoon: FastAPI around pyoxigraph, nothing else. It stands for itself."""

import os
from typing import Annotated

from fastapi import FastAPI, Header, Response
from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

app = FastAPI()
store = Store.read_only(os.environ["STORE_DIRECTORY"])


@app.get("/sparql")
def sparql(query: str, accept: Annotated[str, Header()]) -> Response:
    """Answers a query; FastAPI runs this in a thread of its own, in which the results are made and written."""
    results = store.query(query)
    if isinstance(results, QueryTriples):
        return Response(results.serialize(format=RdfFormat.from_media_type(accept)), media_type=accept)
    return Response(results.serialize(format=QueryResultsFormat.from_media_type(accept)), media_type=accept)

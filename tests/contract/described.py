"""Reading the OpenAPI document, and holding answers against what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    import httpx

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
Document = dict[str, Any]


def resolved(part: Document, document: Document) -> Document:
    """The part itself, or what it refers to."""
    found = part
    if "$ref" in part:
        found = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return found


def operations(document: Document) -> list[tuple[str, str, Document]]:
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def parameters_of(path: str, method: str, document: Document) -> list[Document]:
    item = document["paths"][path]
    return [resolved(each, document) for each in [*item.get("parameters", []), *item[method].get("parameters", [])]]


def examples_of(path: str, method: str, document: Document, place: str = "query") -> dict[str, Any]:
    """The examples of an operation's parameters by their names."""
    found = parameters_of(path, method, document)
    return {each["name"]: each["example"] for each in found if each["in"] == place and "example" in each}


def address_of(path: str, document: Document) -> str:
    """A path with the examples of what stands in it."""
    return path.format(**examples_of(path, "get", document, "path"))


def validate_against(schema: Document, value: object, document: Document) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def validate_answer(answer: httpx.Response, path: str, method: str, document: Document) -> None:
    """An answer has a status, a media type, header fields and, where it is JSON, members that are described."""
    responses = document["paths"][path][method]["responses"]
    assert str(answer.status_code) in responses, (path, answer.status_code, answer.text)
    described = resolved(responses[str(answer.status_code)], document)
    if answer.content:
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in described["content"], (path, media_type)
        if media_type.endswith("json"):
            validate_against(described["content"][media_type]["schema"], answer.json(), document)
    for name in ("Allow", "Location", "Pedgraph-Version", "Pedgraph-Limits", "WWW-Authenticate", "X-Total-Count"):
        assert name not in answer.headers or name in described.get("headers", {}), (path, name)


def body_of(path: str, method: str, document: Document) -> Document:
    """The body of an operation as it is sent: the examples by their media types."""
    content = document["paths"][path][method]["requestBody"]["content"]
    return {media_type: each["example"] for media_type, each in content.items() if "example" in each}

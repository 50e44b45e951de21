"""Files: whole, in part, unchanged; right name and type; never markup of a sender in place."""

import tracemalloc

import pytest
from flask.testing import FlaskClient

from corpus.vocabulary import FileFormat
from portal.app import create_app
from portal.downloads import disposition, safe_name
from tests.portal.house import House
from tests.portal.pages_checker import check_page

CONTENT = b"bytes of suap"


@pytest.fixture
def address(house: House) -> str:
    return f"/documenti/{house.ids['suap']}/file"


def test_the_whole_file_with_its_validators(
    client: FlaskClient, address: str, house: House
) -> None:
    response = client.get(address, buffered=True)
    sha256 = house.services.reader.file_of(house.ids["suap"]).sha256
    assert response.status_code == 200
    assert response.data == CONTENT
    assert response.headers["ETag"] == f'"{sha256}"'
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Last-Modified"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_head_says_everything_and_sends_nothing(client: FlaskClient, address: str) -> None:
    whole, head = client.get(address, buffered=True), client.head(address, buffered=True)
    assert head.data == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Disposition"):
        assert head.headers[name] == whole.headers[name]


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address, buffered=True)
    same = client.get(address, headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (same.status_code, same.data) == (304, b"")
    later = client.get(
        address, headers={"If-Modified-Since": first.headers["Last-Modified"]}, buffered=True
    )
    assert later.status_code == 304
    assert (
        client.get(address, headers={"If-None-Match": '"other"'}, buffered=True).status_code == 200
    )


@pytest.mark.parametrize(
    ("range_", "content", "content_range"),
    [
        ("bytes=0-4", b"bytes", "bytes 0-4/13"),
        ("bytes=9-", b"suap", "bytes 9-12/13"),
        ("bytes=-4", b"suap", "bytes 9-12/13"),
        ("bytes=9-999", b"suap", "bytes 9-12/13"),
    ],
)
def test_one_range_gives_that_part(
    range_: str, content: bytes, content_range: str, client: FlaskClient, address: str
) -> None:
    response = client.get(address, headers={"Range": range_}, buffered=True)
    assert response.status_code == 206
    assert response.data == content
    assert response.headers["Content-Range"] == content_range


def test_a_range_beyond_the_end_is_refused_with_a_page(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers={"Range": "bytes=13-"}, buffered=True)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */13"
    check_page(response.text)


@pytest.mark.parametrize("range_", ["bytes=0-1,3-4", "lines=1-2", "bytes=x", "bytes=5-2", "=", ""])
def test_several_or_odd_ranges_give_the_whole_file(
    range_: str, client: FlaskClient, address: str
) -> None:
    response = client.get(address, headers={"Range": range_}, buffered=True)
    assert (response.status_code, response.data) == (200, CONTENT)


def test_a_range_of_a_file_that_changed_gives_the_whole(client: FlaskClient, address: str) -> None:
    etag = client.get(address, buffered=True).headers["ETag"]
    headers = {"Range": "bytes=0-4", "If-Range": etag}
    assert client.get(address, headers=headers, buffered=True).status_code == 206
    headers["If-Range"] = '"another"'
    assert client.get(address, headers=headers, buffered=True).status_code == 200


def test_a_file_is_never_compressed_on_the_way(client: FlaskClient, house: House) -> None:
    response = client.get(
        f"/documenti/{house.ids['guida']}/file",
        headers={"Accept-Encoding": "br, gzip, zstd"},
        buffered=True,
    )
    assert "Content-Encoding" not in response.headers
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_only_pdf_and_plain_text_are_shown_in_place(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    kinds = {}
    for format in FileFormat:
        public_id = other_house.document(
            format.value, f"Un {format}", content=format.value.encode(), format=format
        )
        answer = client.get(f"/documenti/{public_id}/file", buffered=True)
        kinds[format] = answer.headers["Content-Disposition"].partition(";")[0]
    shown = {format for format, kind in kinds.items() if kind == "inline"}
    assert shown == {FileFormat.PDF, FileFormat.TEXT}


def test_a_missing_or_damaged_file_is_said_honestly(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    for name, spoil in (("suap", "cut"), ("piano", "delete")):
        sha256 = other_house.services.reader.file_of(other_house.ids[name]).sha256
        path = other_house.services.store.path(sha256)
        path.parent.chmod(0o700)
        path.chmod(0o600)
        if spoil == "cut":
            path.write_bytes(b"by")
        else:
            path.unlink()
        response = client.get(f"/documenti/{other_house.ids[name]}/file", buffered=True)
        assert response.status_code == 503
        check_page(response.text)
        assert "File momentaneamente non disponibile" in response.text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Relazione finale.pdf", "Relazione finale.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\tmp\\a.pdf", "a.pdf"),
        ("x\r\nSet-Cookie: a=b.pdf", "xSet-Cookie a=b.pdf"),
        ("fattura\u202efdp.exe", "fatturafdp.exe.pdf"),
        ("", "documento.pdf"),
        ("...", "documento.pdf"),
        ("a" * 300, "a" * 150 + ".pdf"),
        ("PIANO.PDF", "PIANO.pdf"),
    ],
)
def test_names_are_fit_for_any_disk(sent: str, shown: str) -> None:
    assert safe_name(sent, FileFormat.PDF) == shown


def test_a_name_is_given_in_ascii_and_as_it_is() -> None:
    assert disposition("Città «A».pdf", inline=False) == (
        "attachment; filename=\"Citta A.pdf\"; filename*=UTF-8''Citt%C3%A0%20%C2%ABA%C2%BB.pdf"
    )


@pytest.mark.slow
def test_a_large_file_leaves_without_being_held_in_memory(other_house: House) -> None:
    size = 80 << 20
    public_id = other_house.document("grande", "Un file grande", content=b"0" * size)
    client = create_app(services=other_house.services).test_client()
    tracemalloc.start()
    response = client.get(f"/documenti/{public_id}/file")
    sent = sum(len(chunk) for chunk in response.response)
    response.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent == size
    assert peak < 4 << 20

"""Somebody who reports a concern, with a browser that runs no scripts."""

import http.client

LOST = (OSError, http.client.HTTPException)


def answers_for(form, details):
    """What to fill in: the first of each choice, and the details where there is room for them."""
    values = {}
    for name in form.names:
        chosen = any(field == name and value for field, value in form.fields)
        if name in form.choices and not chosen and not name.endswith("-exact"):
            values[name] = form.choices[name][0]
    if "details" in form.names:
        values["details"] = details
    return values


def to_the_check(visitor, details):
    """Fill in every page; the check-your-answers page."""
    page = visitor.get(visitor.get("/report").link("Start now"))
    for _ in range(20):
        assert page.status == 200, f"{page.path}: {page.status} {page.text[:400]}"
        if page.path == "/report/check":
            return page
        page = visitor.send(page.form(), answers_for(page.form(), details))
    raise AssertionError(f"the form never comes to an end: {page.path}")


def receipt_of(page):
    """The code on the page that says it was sent; None if it is not there."""
    import re

    found = re.search(r"\b([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3})\b", page.text)
    return found.group(1) if page.path == "/report/done" and found else None

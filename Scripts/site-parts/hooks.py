"""The order of the notes in the site, and what GitHub's Markdown has and the generator's has not."""

import re

ORDER = [
    ("Start here", ["README.md"]),
    ("The course", [f"notes/week{n}.md" for n in range(9)] + ["notes/tasks.md"]),
    ("Beside it", ["notes/disk.md", "notes/durability.md", "notes/formats.md", "notes/http.md",
                  "notes/powerloss.md", "notes/weekly-table.md"]),
    ("To take over", ["notes/map.md", "notes/decisions.md"]),
]


def on_files(files, config):
    """Puts the pages that are there in order, and those that this list does not name at the end."""
    pages = [file.src_uri for file in files.documentation_pages()]
    named = [page for _, group in ORDER for page in group]
    rest = sorted(page for page in pages if page not in named)
    groups = [(name, [page for page in group if page in pages]) for name, group in ORDER]
    config["nav"] = [
        {name: group if len(group) > 1 else group[0]}
        for name, group in groups + [("More", rest)]
        if group
    ]
    return files


def on_page_markdown(markdown, **_):
    """Markdown is read inside of <details> too, as GitHub does."""
    return re.sub(r"^<details>", '<details markdown="1">', markdown, flags=re.MULTILINE)


def on_post_page(output, page, **_):
    """The one script that would come from the network, for the search, is a file of ours."""
    return output.replace("https://unpkg.com/iframe-worker/shim", _root(page.url) + "worker.js")


def on_post_template(output, template_name, **_):
    return output.replace("https://unpkg.com/iframe-worker/shim", "/worker.js")


def _root(url):
    return "../" * url.count("/")

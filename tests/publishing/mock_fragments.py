"""HTML as the notebooks' outputs hold it, about an invented region."""

from __future__ import annotations

from html import escape

HOSTILE = (
    '<script>document.title = "run"</script> <img src="x" onerror="alert(1)"> '
    "[click](javascript:alert(1)) **bold** `code` # heading $\\frac{1}{2}$ \\begin{x} "
    "<style>* { display: none }</style> &amp; \"quoted\" 'text'"
)
THEMES = {
    "stigma": ("Stigma and violence", 8),
    "legal-environment": ("Rights and legal environment", 7),
    "services": ("Services", 7),
    "livelihood": ("Livelihood and protection", 5),
    "community": ("Community power", 4),
    "resources": ("Resources and partnership", 2),
}
CODES = {
    "stigma": [("Stigma and discrimination", 8), ("Violence and safety", 4)],
    "legal-environment": [("Criminalization", 6), ("Access to justice", 3)],
    "services": [("Access to health services", 6), ("Community-led services", 5)],
    "livelihood": [("Income and livelihood", 5), ("Basic needs", 2)],
    "community": [("Movement and solidarity", 4), ("Leadership and governance", 1)],
    "resources": [("Funding sustainability", 2)],
}
DOMAINS = {
    "reaching_person": "Reaching the person",
    "structures": "Structures",
    "context": "Contextual environment",
}
QUESTIONS = ("Situation", "Concerns", "Hope", "Constraints")
COUNTRIES = ("Kenya", "Malawi", "Zambia", "Uganda", "Rwanda", "Lesotho", "Namibia", "Eswatini")
WORDS = (
    "The clinic opens when we sleep and closes before we wake. An evening hour would help.",
    "When the police take condoms as proof, people stop carrying them.",
    "We keep our own savings box. It has paid for school uniforms and for one funeral.",
    "Peer educators are sent to the same three streets, and never to the lodges at the border.",
    "A nurse who greets us by name does more than a poster on the wall.",
    "Funding ends in March of each year, and each April we begin again with new staff.",
)


def claim(name: str, text: str) -> str:
    """Return a number as a link to its evidence."""
    identifier = f"esa.{name}"
    return f'<a data-claim="{identifier}" href="#{identifier}">{text}</a>'


def bar(share: float) -> str:
    """Return a small bar for a share between 0 and 1."""
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="bar-track" width="100" height="8"/>'
        f'<rect class="bar-value" width="{100 * share:.1f}" height="8"/></svg>'
    )


def table(name: str, caption: str, columns: tuple[str, ...], rows: str, kind: str = "") -> str:
    """Return a table in its region."""
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f'<div class="table" role="region" aria-labelledby="table-{name}" tabindex="0">'
        f'<table{kind and f" class={kind!r}"}><caption id="table-{name}">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def summary() -> str:
    """Return the lead, the key points, and the facts."""
    lead = (
        f'<p class="lead">In {claim("prevalence.stigma", "8 of 9")} focus groups people said '
        "that being treated as less than a neighbour keeps them from services that exist.</p>"
    )
    alone = claim("prevalence.stigma-alone", "3 of 9")
    hope, kept = claim("matrix.hope", "5 of 9"), claim("continue.community", "6 of 9")
    once = claim("once.leadership", "1 of 9")
    points = (
        f"Stigma came before anything else in {alone} focus groups.",
        f"Community-led services were a hope in {hope} and to be continued in {kept} of them.",
        f"One voice, in {once}, asks who speaks for whom inside the networks themselves.",
    )
    items = "".join(f"<li>{point}</li>" for point in points)
    return (
        f'{lead}<ul class="keypoints">{items}</ul>'
        '<p class="caveat" role="note">† Under STOP, one focus group gave more points than the '
        '<span data-term="">5</span> that the template allows; all of them are counted.</p>'
    )


def facts() -> str:
    """Return who met, when and where."""
    return (
        '<dl class="facts"><dt>Focus groups</dt>'
        f"<dd>{claim('base.focus-groups', '9')} in {claim('base.countries', '8')} countries</dd>"
        f"<dt>Participants</dt><dd>{claim('base.participants', '131')}</dd>"
        '<dt>Held</dt><dd><time datetime="2020-09-03">3 September</time> to '
        '<time datetime="2020-10-12">12 October 2020</time></dd></dl>'
    )


def matrix() -> str:
    """Return the template's own matrix of domains and questions."""
    names = [name for name, _ in THEMES.values()]
    rows = ""
    for row, (key, domain) in enumerate(DOMAINS.items()):
        cells = ""
        for column, question in enumerate(QUESTIONS):
            themes = "".join(f"<li>{name}</li>" for name in names[row + column % 3 :][:3])
            number = claim(f"matrix.{key}.{question.lower()}", f"{9 - row - column} of 9")
            cells += f'<td data-label="{question}">{number}<ul>{themes}</ul></td>'
        rows += f'<tr><th scope="row">{domain}</th>{cells}</tr>'
    caption = "Focus groups that answered, and the themes they raised most widely"
    return table("matrix", caption, ("Domain", *QUESTIONS), rows, "matrix")


def prevalence() -> str:
    """Return the table of themes with their codes."""
    rows = ""
    for key, (theme, count) in THEMES.items():
        kinds = [("theme", theme, count, key)]
        kinds += [("code", *code, f"{key}-{at}") for at, code in enumerate(CODES[key])]
        for kind, name, number, identifier in kinds:
            shown = claim(f"prevalence.{identifier}", f"{number} of 9")
            segments = claim(f"segments.{identifier}", str(number * 3))
            mark = (
                '<abbr class="caveat-mark" title="Caveat: agreement is low" '
                'aria-label="Caveat: agreement is low">†</abbr>'
                if identifier == "services-0"
                else ""
            )
            rows += (
                f'<tr class="{kind}"><th scope="row">{name}</th>'
                f'<td data-label="Focus groups">{bar(number / 9)} {shown}{mark}</td>'
                f'<td data-label="Segments">{segments}</td>'
                f'<td data-label="Raised as">Situation, concerns</td></tr>'
            )
    columns = ("Theme and code", "Focus groups", "Segments", "Raised as")
    return table("prevalence", "In how many focus groups each theme was raised", columns, rows)


def chart() -> str:
    """Return a figure of themes by region, with its caption."""
    marks = ""
    for row, (name, count) in enumerate(THEMES.values()):
        y = 30 + 34 * row
        marks += f'<text x="0" y="{y}" font-size="12" class="fill-text">{name}</text>'
        marks += (
            f'<rect class="fill-series-1" x="190" y="{y - 12}" '
            f'width="{count * 24}" height="9"/>'
            f'<rect class="fill-series-2" x="190" y="{y}" '
            f'width="{max(count - 2, 1) * 24}" height="5"/>'
        )
    grid = "".join(
        f'<line class="stroke-grid" x1="{190 + 72 * i}" x2="{190 + 72 * i}" '
        f'y1="8" y2="212"/><text class="fill-axis" x="{190 + 72 * i}" y="228" '
        f'font-size="11" text-anchor="middle">{3 * i}</text>'
        for i in range(4)
    )
    return (
        '<figure class="chart"><svg role="img" aria-labelledby="chart-themes" '
        'viewBox="0 0 440 236" xmlns="http://www.w3.org/2000/svg"><title id="chart-themes">'
        "Stigma and violence reach furthest, in all but one focus group; resources least.</title>"
        f"{grid}{marks}</svg><figcaption>Focus groups that raised each theme, in this region "
        "(wide bars) and elsewhere on the continent (narrow bars).</figcaption></figure>"
    )


def excerpts() -> str:
    """Return excerpts, one of them hostile, one restated."""
    shown = ""
    for at, words in enumerate((*WORDS[:3], HOSTILE)):
        tag = ' <span class="restated">restated</span>' if at == 1 else ""
        shown += (
            f'<figure class="excerpt"><blockquote><p>{escape(words)}</p></blockquote>'
            f"<figcaption>Evening discussion, {COUNTRIES[at]} · "
            f'<time datetime="2020-09-{at + 10}">{at + 10} September 2020</time> · '
            f'<a href="#segment-{segment_id(at)}">where in its source</a>{tag}</figcaption>'
            "</figure>"
        )
    return f'<div class="excerpts">{shown}</div>'


def points() -> str:
    """Return what to continue, stop and start."""
    parts = ""
    for name, texts in {
        "Continue": ("Evening hours at clinics", "Savings groups run by their members"),
        "Stop": ("Taking condoms as evidence", "Programmes that end each spring", HOSTILE),
        "Start": ("Paying peer educators for the hours they work",),
    }.items():
        items = "".join(
            f'<li><span data-term="">{escape(text)}</span>: '
            f"{claim(f'{name.lower()}.{at}', f'{6 - at} of 9')}</li>"
            for at, text in enumerate(texts)
        )
        parts += f'<h3>{name}</h3><ol class="points">{items}</ol>'
    return f"<section>{parts}</section>"


def segment_id(at: int) -> str:
    """Return the id of a segment."""
    return f"ken-{at // 6 + 1}.structures.concerns.{at % 6 + 1}"


def segments(count: int) -> str:
    """Return the list of all segments."""
    texts = [*WORDS[:3], HOSTILE, *WORDS[4:]]
    items = "".join(
        f'<li id="segment-{segment_id(at)}"><p>{escape(texts[at % len(texts)])}</p>'
        f'<p class="source">Structures, concerns, point {at % 6 + 1} · Evening discussion, '
        f"{COUNTRIES[at % 8]}</p></li>"
        for at in range(count)
    )
    return f'<ol class="segments">{items}</ol>'


def listing(count: int) -> str:
    """Return the list of the segments of one focus group, to filter."""
    cells = ("structures.concerns", "structures.hope", "context.hope")
    marked = segments(count)
    for at in range(count):
        name = segment_id(at)
        codes = ("health-access", "criminalization health-access")[at % 2]
        marked = marked.replace(
            f'id="segment-{name}"',
            f'id="segment-{name}" data-cell="{cells[at % 3]}" data-code="{codes}"',
        )
    return (
        '<section class="listing"><section class="passages" data-place="esa KEN">'
        f'<h3 id="group-ken">Evening discussion</h3>{marked}</section></section>'
    )


def evidence(claims: list[str], count: int) -> str:
    """Return what each claim rests on."""
    bearings = ""
    for at, identifier in enumerate(claims):
        links = "".join(
            f'<li><a href="#segment-{segment_id((at + i) % count)}">'
            f"{COUNTRIES[(at + i) % 8]}: structures, concerns</a></li>"
            for i in range(at % 8 + 1)
        )
        bearings += (
            f'<article class="evidence-entry" id="{identifier}">'
            "<h3>Focus groups that raised "
            f"{identifier.rpartition('.')[2].replace('-', ' ')}</h3>"
            f"<p>{at % 8 + 1} of 9 focus groups · <code>{identifier}</code></p>"
            f"<ul>{links}</ul></article>"
        )
    return f'<section class="evidence" id="evidence">{bearings}</section>'

"""The files themselves, byte for byte the same from the same world.

Archives are re-packed without compression: then neither the clock nor the version of the machine's
zlib shows in them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter

from data.maker import layouts, planted, voices
from data.maker.fft import Publication
from data.maker.organisations import BANDS, INDEPENDENT_ICB
from data.maker.surveys import CQC_QUESTIONS, SPACED_NAMES
from data.maker.world import World
from pxcore import maps

SAVED = datetime(2026, 4, 1)
ARCHIVE_TIME = (2026, 4, 1, 0, 0, 0)
CQC_OVERALL = "x46"  # no real survey numbers its questions with an x
MANIFEST = "manifest.csv"
OPENED = "19740401"


def write_files(folder: Path, world: World) -> list[Path]:
    """Every file under the folder, and the manifest that lists them."""
    contents: dict[str, tuple[str, str, bytes]] = {}  # path -> source, title, bytes
    for path, title, content in (*reference(world),):
        contents[path] = ("reference", title, content)
    for path, source, title, content in _fft(world):
        contents[path] = (source, title, content)
    for path, title, content in gp_survey(world):
        contents[path] = ("gp_survey", title, content)
    for path, title, content in cqc(world):
        contents[path] = ("cqc_inpatient", title, content)
    for path, source, title, content in _others(world):
        contents[path] = (source, title, content)
    for path, source, title, content in _row_level(world):
        contents[path] = (source, title, content)
    manifest = _csv(
        ("path", "source", "title", "synthetic", "sha256"),
        (
            (path, source, title, "yes", hashlib.sha256(content).hexdigest())
            for path, (source, title, content) in sorted(contents.items())
        ),
    )
    written = []
    everything = {path: content for path, (_, _, content) in contents.items()}
    for path, content in sorted({**everything, MANIFEST: manifest}.items()):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        written.append(place)
    return written


# --- Bytes ----------------------------------------------------------------------------------


def _csv(
    header: Sequence[str] | None, rows: Iterable[Sequence[Any]], *, quoted: bool = False
) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(
        lines, lineterminator="\r\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return lines.getvalue().encode("utf-8")


def _number(value: float) -> str:
    """A figure without a needless decimal point; a blank where there is none."""
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(round(float(value), 6))


def archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """The members stored as they are, all with one fixed time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as into:
        for name, content in members:
            member = zipfile.ZipInfo(name, ARCHIVE_TIME)
            member.create_system = 0
            into.writestr(member, content)
    return packed.getvalue()


def repacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        return archive((name, given.read(name)) for name in given.namelist())


# --- Reference ------------------------------------------------------------------------------


def reference(world: World) -> list[tuple[str, str, bytes]]:
    orgs = world.organisations
    names = orgs.name_of()
    sub_icb = dict(zip(orgs.networks["code"], orgs.networks["sub_icb"], strict=True))
    icb = dict(zip(orgs.sub_icbs["code"], orgs.sub_icbs["icb"], strict=True))
    region = dict(zip(orgs.icbs["code"], orgs.icbs["region"], strict=True))
    practices, trusts, mapping = [], [], []
    for code, name, network, opened, closed in orgs.practices.itertuples(index=False, name=None):
        location = sub_icb[network]
        of_icb = icb[location]
        line = _ods_line(code, name, region[of_icb], of_icb, opened, closed)
        line[12], line[14], line[25] = ("C" if line[11] else "A"), location, "4"
        practices.append(line)
        mapping.append(
            [
                *(code, name.upper(), "SYNTHETIC", network, names[network].upper()),
                *(location, names[location], of_icb, names[of_icb]),
                *(region[of_icb], names[region[of_icb]]),
            ]
        )
    for code, name, of_icb, _, opened, closed in orgs.trusts.itertuples(index=False, name=None):
        trusts.append(_ods_line(code, name, region[of_icb], of_icb, opened, closed))
    for code in ("I-01", "I-02"):
        trusts.append(_ods_line(code, names[code], "Z-1", INDEPENDENT_ICB, None, None))
    mapping_header = [
        "GP_CODE",
        "GP_NAME",
        "SUPPLIER",
        "PCN_CODE",
        "PCN_NAME",
        "SUB_ICB_LOCATION_CODE",
        "SUB_ICB_LOCATION_NAME",
        "ICB_CODE",
        "ICB_NAME",
        "REGION_CODE",
        "REGION_NAME",
    ]
    open_practices = [line for line, of in zip(mapping, practices, strict=True) if not of[11]]
    return [
        (
            "reference/practices_synthetic.csv",
            "Practices, in the layout of ODS epraccur",
            _csv(None, practices, quoted=True),
        ),
        (
            "reference/trusts_synthetic.csv",
            "Trusts, in the layout of ODS etr",
            _csv(None, trusts, quoted=True),
        ),
        (
            "reference/gp_mapping_synthetic.csv",
            "Practice to network, sub-ICB location, ICB and region",
            _csv(mapping_header, open_practices),
        ),
        (
            "reference/trust_site_ward_synthetic.csv",
            "ICB to trust, site and ward",
            _sites_and_wards(world),
        ),
        (
            "reference/succession_synthetic.csv",
            "Predecessors and successors",
            _csv(
                ("old_code", "new_code", "date"),
                ((old, new, f"{on:%Y%m%d}") for old, new, on in planted.SUCCESSIONS),
            ),
        ),
        ("reference/list_sizes_synthetic.csv", "List sizes by age and sex", _list_sizes(world)),
        (
            "reference/aliases.csv",
            "Spellings of practice names that a person has confirmed",
            _csv(("name", "code"), world.aliases.itertuples(index=False, name=None)),
        ),
    ]


def _ods_line(code: str, name: str, region: str, icb: str, opened: Any, closed: Any) -> list[str]:
    """Twenty-seven columns: code, name, region, ICB, address, postcode (10), dates (11, 12) …"""
    line = [""] * 27
    line[:4] = [code, name.upper(), region, icb]
    line[4:10] = ["1 INVENTED LANE", "", name.split(" ")[0].upper(), "", "", "ZZ99 3VZ"]
    line[10] = f"{opened:%Y%m%d}" if hasattr(opened, "year") else OPENED
    line[11] = f"{closed:%Y%m%d}" if hasattr(closed, "year") else ""
    line[21] = "0"
    return line


def _sites_and_wards(world: World) -> bytes:
    orgs = world.organisations
    names = orgs.name_of()
    icb = dict(zip(orgs.trusts["code"], orgs.trusts["icb"], strict=True))
    with_wards = set(orgs.wards["site"])
    rows = [
        (icb[trust], trust, names[trust].upper(), site, f"{names[site].upper()} - {site}", ward)
        for site, trust, ward in orgs.wards[["site", "trust", "name"]].itertuples(
            index=False, name=None
        )
    ]
    rows += [
        (icb[trust], trust, names[trust].upper(), site, f"{name.upper()} - {site}", "")
        for site, name, trust in orgs.sites.itertuples(index=False, name=None)
        if site not in with_wards
    ]
    header = ("ICB Code", "Trust Code", "Trust Name", "Site Code", "Site Name", "Ward Name")
    return _csv(header, sorted(rows))


def _list_sizes(world: World) -> bytes:
    orgs = world.organisations
    names = orgs.name_of()
    networks = dict(zip(orgs.practices["code"], orgs.practices["network"], strict=True))
    sub_icb = dict(zip(orgs.networks["code"], orgs.networks["sub_icb"], strict=True))
    icb = dict(zip(orgs.sub_icbs["code"], orgs.sub_icbs["icb"], strict=True))
    closed = set(orgs.practices.loc[orgs.practices["closed"].notna(), "code"])
    columns = [f"{sex}_{band}" for sex in ("male", "female") for band in BANDS]
    rows = []
    for record in orgs.lists.to_dict("records"):
        code = record["practice"]
        if code in closed:
            continue
        by_sex = [
            sum(record[c] for c in columns if c.startswith(sex)) for sex in ("male_", "female_")
        ]
        rows.append(
            [
                *(code, names[code].upper(), networks[code], icb[sub_icb[networks[code]]]),
                *(_number(record["imd"]), f"{record['decile']}.0"),
                *(f"{total}.0" for total in (sum(by_sex), *by_sex)),
                *(f"{record[column]}.0" for column in columns),
            ]
        )
    header = [
        *("practice_code", "practice_name", "pcn_code", "icb_code", "imd_2019", "decile"),
        *("total_patients", "total_male", "total_female"),
        *(column.replace("_", "_patients_") for column in columns),
    ]
    return _csv(header, rows)


# --- Friends and Family Test ----------------------------------------------------------------


def _fft(world: World) -> list[tuple[str, str, str, bytes]]:
    files = []
    before: dict[str, Publication] = {}
    for publication in world.publications:
        title = f"{layouts.title(publication)} (synthetic demonstration)"
        content = (
            _workbook(world, publication, before.get(publication.setting))
            if publication.is_workbook
            else saved_csv(world, publication)
        )
        before[publication.setting] = publication
        files.append((publication.file, publication.setting, title, content))
    return files


def _workbook(world: World, publication: Publication, before: Publication | None) -> bytes:
    sheets = layouts.data_sheets(publication, world.organisations)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties(
        {"title": layouts.title(publication), "comments": planted.SYNTHETIC, "created": SAVED}
    )
    share = book.add_format({"num_format": "0%"})
    for grid in (
        layouts.notes(publication),
        layouts.summary(publication, before),
        *sheets,
        layouts.hidden_codes(sheets),
    ):
        sheet = book.add_worksheet(grid.name)
        if grid.name == "BS":
            sheet.hide()
        for (row, column), cell in sorted(grid.cells.items()):
            shape = share if column in grid.shares else None
            if isinstance(cell, layouts.Selection):
                sheet.write_formula(row, column, cell.formula, shape, cell.cached)
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, cell, shape)
        for first, left, last, right in grid.merged:
            sheet.merge_range(first, left, last, right, grid.cells[first, left])
    book.close()
    return repacked(content.getvalue())


def saved_csv(world: World, publication: Publication) -> bytes:
    """As a spreadsheet program saves a sheet: every row as wide as the widest."""
    grid = layouts.saved_sheet(publication, world.organisations)
    height, width = grid.size
    rows = [[""] * width for _ in range(height)]
    for (row, column), cell in grid.cells.items():
        value = cell.cached if isinstance(cell, layouts.Selection) else cell
        if isinstance(value, str):
            rows[row][column] = value
        elif column in grid.shares and publication.whole_percentages:
            rows[row][column] = f"{round(value * 100)}%"
        else:
            rows[row][column] = _number(value)
    content = _csv(None, rows)
    # Some spreadsheet programs put a byte-order mark first.
    return b"\xef\xbb\xbf" + content if publication.month.month % 2 else content


# --- Surveys --------------------------------------------------------------------------------


def _stems(wave: int) -> dict[str, str]:
    return {
        row["measure"]: row["column"]
        for row in maps.rows("questions")
        if row["source"] == "gp_survey"
        and int(row["year_from"]) <= wave <= int(row["year_to"] or 9999)
    }


def gp_survey(world: World) -> list[tuple[str, str, bytes]]:
    orgs = world.organisations
    names = orgs.name_of()
    network = dict(zip(orgs.practices["code"], orgs.practices["network"], strict=True))
    region = dict(zip(orgs.icbs["code"], orgs.icbs["region"], strict=True))
    files = []
    for (wave, file), rows in world.gp_survey.groupby(["wave", "file"], sort=True):
        stems = _stems(int(str(wave)))
        of_practices = rows["grain"].iloc[0] == "practice"
        measures = list(dict.fromkeys(rows["measure"]))
        by_measure = {
            measure: rows[rows["measure"] == measure].set_index("provider").to_dict("index")
            for measure in measures
        }
        lines = []
        for provider, record in by_measure[measures[0]].items():
            rate = record["received"] / record["distributed"]
            returns = [str(record["distributed"]), str(record["received"]), f"{rate:.4f}"]
            if of_practices:
                code = str(provider)
                line = [
                    *(code, names[code].upper(), network[code], names[network[code]]),
                    *(record["icb"], names[record["icb"]]),
                ]
                if wave != 2023:
                    line.append(names[region[record["icb"]]])
            else:
                level = "National" if record["grain"] == "national" else "ICS"
                line = [level, str(provider), record["provider_name"]]
            line += returns
            for measure in measures:
                result = by_measure[measure][provider]
                base = _number(result["respondents"])
                if wave == 2023:
                    shown = "" if pd.isna(result["value"]) else f"{result['value'] * 100:.1f}"
                    line += [shown, base]
                else:
                    line += [
                        base,
                        *(_number(result[part]) for part in ("value", "low", "high")),
                    ]
            lines.append(line)
        header = _survey_header(int(str(wave)), of_practices, [stems[m] for m in measures])
        what = "practices" if of_practices else "ICBs and England"
        files.append(
            (str(file), f"GP Patient Survey {wave}, {what} (synthetic)", _csv(header, lines))
        )
    return files


def _survey_header(wave: int, of_practices: bool, stems: list[str]) -> list[str]:
    if wave == 2023:
        header = [
            "Practice_Code",
            "Practice_Name",
            "PCN_Code",
            "PCN_Name",
            "ICS_Code",
            "ICS_Name",
            "distributed",
            "received",
            "resprate",
        ]
        for stem in stems:
            header += [stem, f"{stem.split('_')[0]}base"]
        return header
    if of_practices:
        header = [
            "ad_practicecode",
            "ad_practicename",
            "ad_pcncode",
            "ad_pcnname",
            "ad_icscode",
            "ad_icsname",
            "ad_commissioningregionname",
        ]
    else:
        header = ["type", "code", "name"]
    header += ["distributed", "received", "resprate"]
    for stem in stems:
        header += [f"{stem}.{part}" for part in ("baseevaluw", "pcteval", "lowileval", "hiwileval")]
    return header


def cqc(world: World) -> list[tuple[str, str, bytes]]:
    files = []
    for file, rows in world.cqc.groupby("file", sort=True):
        wave = int(rows["wave"].iloc[0])
        header = ["trustcode", "trustname", "n_tpat"]
        for question in CQC_QUESTIONS:
            stem = CQC_OVERALL if question == "overall" else question
            header += [f"{stem}_{part}" for part in ("mean", "lower", "upper", "band")]
        by_question = {
            question: rows[rows["measure"] == question].set_index("provider").to_dict("index")
            for question in CQC_QUESTIONS
        }
        lines: list[list[Any]] = [header]
        for trust, record in by_question["overall"].items():
            name = str(record["provider_name"])
            if trust in SPACED_NAMES:
                name = name.replace(" ", "\u00a0")
            line: list[Any] = [trust, name, record["respondents"]]
            for question in CQC_QUESTIONS:
                result = by_question[question][trust]
                line += [float(result["value"]), float(result["low"]), float(result["high"])]
                line.append(result["band"])
            lines.append(line)
        title = f"Adult Inpatient Survey {wave}: trust benchmark data (synthetic demonstration)"
        about = [[title], [f"{planted.SYNTHETIC}."], [f"People discharged in November {wave}."]]
        files.append((str(file), title, _open_document({"Notes": about, "Trust_Scores": lines})))
    return files


_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def _open_document(sheets: dict[str, list[list[Any]]]) -> bytes:
    """An OpenDocument spreadsheet: the least a spreadsheet program opens."""
    tables = "".join(
        f'<table:table table:name="{name}">{"".join(map(_open_row, lines))}</table:table>'
        for name, lines in sheets.items()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content xmlns:office="{_OPEN_DOCUMENT}:office:1.0" '
        f'xmlns:table="{_OPEN_DOCUMENT}:table:1.0" xmlns:text="{_OPEN_DOCUMENT}:text:1.0" '
        'office:version="1.2"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{_OPEN_DOCUMENT}:manifest:1.0" '
        'manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_SPREADSHEET}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return archive(
        (
            ("mimetype", _SPREADSHEET.encode()),  # first and uncompressed, says the format
            ("content.xml", content.encode("utf-8")),
            ("META-INF/manifest.xml", manifest.encode("utf-8")),
        )
    )


def _open_row(line: list[Any]) -> str:
    return f"<table:table-row>{''.join(map(_open_cell, line))}</table:table-row>"


def _open_cell(value: Any) -> str:
    if isinstance(value, str):
        kind, text = 'office:value-type="string"', escape(value)
    else:
        text = _number(float(value))
        kind = f'office:value-type="float" office:value="{text}"'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


# --- Sources of few rows --------------------------------------------------------------------


def _others(world: World) -> list[tuple[str, str, str, bytes]]:
    (path,) = world.reviews["file"].unique()
    columns = [str(name) for name in world.reviews if name != "file"]
    counted = _csv(columns, world.reviews[columns].itertuples(index=False, name=None))
    return [
        _health_insight(world),
        *_league_tables(world),
        _documents(world),
        (path, "nhs_reviews", "Reviews counted by a supplier (synthetic)", counted),
    ]


def _health_insight(world: World) -> tuple[str, str, str, bytes]:
    """As the survey's dashboard saves a table: every wave, three answers an area."""
    header = (
        *("Area code", "Area name", "Wave", "Response option", "Percent", "LCL", "UCL"),
        "Number of responses",
    )
    lines: list[list[str]] = []
    answers = (("Good", "value"), ("Neither good nor poor", "neither"), ("Poor", "poor"))
    records = world.health_insight.to_dict("records")
    for (words, part), record in itertools.product(answers, records):
        code = "E92000001" if record["provider"] == "E-00" else str(record["provider"])
        days = f"{record['period_start']:%d %B %Y} to {record['period_end']:%d %B %Y}"
        wave = f"{record['wave']} - responses from {days}"
        value = record[part]
        limits = (record["low"], record["high"])
        if part != "value":
            limits = (max(value - 2, 0), value + 2)
        figures = (value, *limits, record["respondents"])
        lines.append([code, record["provider_name"], wave, words, *map(_number, figures)])
    title = "Overall, how would you describe your experience of your GP practice? By integrated care board"
    content = _csv(None, [[title], [f"{planted.SYNTHETIC}."], header, *lines])
    (path,) = world.health_insight["file"].unique()
    return path, "health_insight", f"Health Insight Survey: {title} (synthetic)", content


def _league_tables(world: World) -> list[tuple[str, str, str, bytes]]:
    header = (
        *("Region", "Trust_type", "Trust_subtype", "Trust_code", "Trust_name", "Quarter"),
        *("Average_score", "Likely_range_of_average_score", "Segment"),
        *("Trust_in_financial_deficit", "Rank", "Likely_range_of_rank"),
    )
    files = []
    for path, rows in world.league.groupby("file", sort=True):
        lines = [
            (
                *(row["region"], row["kind"], "Invented", row["provider"], row["provider_name"]),
                *(row["quarter"], row["score"], f"{row['score_low']} - {row['score_high']}"),
                *(row["segment"], "No", row["rank"], f"{row['rank_low']} - {row['rank_high']}"),
            )
            for row in rows.to_dict("records")
        ]
        title = f"NHS Oversight Framework league table, {rows['quarter'].iloc[0]} (synthetic)"
        files.append((str(path), "oversight_framework", title, _csv(header, lines)))
    return files


def _documents(world: World) -> tuple[str, str, str, bytes]:
    header = (
        *("Organisation", "Organisation code", "Collected from", "To", "People", "Method"),
        *("Who wrote it", "Theme", "Quotation"),
    )
    columns = [
        *("provider_name", "provider", "from", "to", "people", "method", "written_by", "theme"),
        "comment",
    ]
    lines = world.documents[columns].itertuples(index=False, name=None)
    (path,) = world.documents["file"].unique()
    title = "Community evidence in documents (synthetic)"
    return path, "community_evidence", title, _csv(header, lines)


# --- Row level ------------------------------------------------------------------------------


def _row_level(world: World) -> list[tuple[str, str, str, bytes]]:
    layout = {
        voices.LOCAL_FFT: (
            "fft_local",
            "Friends and Family responses of one network (synthetic)",
            "time,rating,surgery,pcn,submission_id,age,sex,ethnicity,mode",
        ),
        voices.LOCAL_SURVEY: (
            "local_survey",
            "Local patient survey of one network (synthetic)",
            "time,practice_code,phone,appointment_time,making_appointment,overall_experience,"
            "age,sex,ethnicity,mode",
        ),
        voices.BOARD_FFT: (
            "fft_local",
            "Friends and Family responses of one integrated care board (synthetic)",
            "time,rating,practice_code,submission_id,age,sex,ethnicity,deprivation,"
            "long_term_condition,disability,carer,mode",
        ),
        voices.BOARD_SURVEY: (
            "local_survey",
            "Local patient survey of one integrated care board (synthetic)",
            "time,practice_code,phone,appointment_time,making_appointment,overall_experience,"
            "age,sex,ethnicity,deprivation,long_term_condition,disability,carer,mode",
        ),
        voices.HEALTHWATCH: (
            "healthwatch",
            "Healthwatch feedback (synthetic)",
            "feedback_id,date,provider_code,provider_name,service,stars,sentiment,themes,"
            "age,sex,ethnicity,comment",
        ),
        voices.CARE_OPINION: (
            "care_opinion",
            "Care Opinion stories (synthetic)",
            "story_id,date,provider_code,provider_name,service,sentiment,criticality,themes,story",
        ),
    }
    files = []
    for file, (source, title, columns) in layout.items():
        header = columns.split(",")
        rows = world.rows[world.rows["file"] == file].sort_values("number")
        lines = [[_written(record, name) for name in header] for record in rows.to_dict("records")]
        files.append((file, source, title, _csv(header, lines)))
    return files


def _written(record: dict[Any, Any], name: str) -> str:
    value = record[{"feedback_id": "key", "story_id": "key", "story": "comment"}.get(name, name)]
    if name == "themes":
        return "; ".join(value)
    if name == "time":
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if name == "date":
        return f"{value:%d/%m/%Y}" if "feedback" in record["file"] else f"{value:%Y-%m-%d}"
    if name in ("stars", "criticality"):
        return _number(value)
    return str(value)

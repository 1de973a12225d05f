"""``catchlight team``: one look for a whole team."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catchlight.cli import console
from catchlight.cli.asked import credentials_option, metadata_option, workers_option
from catchlight.cli.exits import EPILOG, SOME_FAILED, exits
from catchlight.cli.menu import setting_names
from catchlight.cli.options import one_option
from catchlight.cli.team_words import say_problems, show_progress, show_team

if TYPE_CHECKING:
    from catchlight.team.crew.foreman import Foreman
    from catchlight.team.decisions import ReviewDecision
    from catchlight.team.wish import Wish


@click.command(no_args_is_help=True, epilog=EPILOG)
@click.argument("source", metavar="FOLDER|LIST")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where everything goes.")
@click.option(
    "--for", "setting", metavar="|".join((*setting_names(), "FILE.toml")), default="corporate",
    help="What the portraits are for.", show_default=True,
)  # fmt: skip
@one_option("backdrop")
@click.option(
    "--polish",
    type=click.FloatRange(0, 1),
    help="One polish for all.",
    show_default="the setting's",
)
@click.option(
    "--look",
    "look_file",
    type=click.Path(path_type=Path),
    help="Take every strength from a TOML file.",
)
@click.option(
    "--match",
    type=click.Path(path_type=Path),
    help="Take paper, crop and light from a headshot that you like.",
)
@click.option(
    "--sizes", metavar="NAME,...", help="Platforms; by default all (docs/team.md lists them)."
)
@click.option(
    "--name",
    "template",
    metavar="TEMPLATE",
    help="File names, of {name}, {platform}, {width}, {height}, {number}, {suffix}.",
    show_default="{name}/{name}-{platform}{suffix}",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help="What the review page saved.",
    show_default="decisions.json in the output folder",
)
@click.option("--check", is_flag=True, help="Say what is wrong with the photos, and make nothing.")
@workers_option("How many work at a time.")
@click.option(
    "--ray",
    "ray",
    metavar="ADDRESS|local",
    help="Work on a Ray cluster: its address, or local for one here.",
)
@metadata_option("As for `catchlight shot`.")
@credentials_option("Sign every file (C2PA).")
@click.option("--force", is_flag=True, help="Write into a folder that holds something else.")
@click.option(
    "--max-megapixels", type=float, default=120.0, help="Refuse larger photos.", show_default=True
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each person."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def team(**said: Any) -> None:  # a command of many options: click hands them over by name
    """Make portraits of a team that look like one company.

    FOLDER has a sub-folder or a file for each person; a LIST is a .csv or .toml with name, files,
    face, setting and notes. The same paper, crop, head size, eye line and light for all; each
    person's own tone. Run it again and it goes on where it was.
    """
    code = 0
    with exits(verbose=said["verbose"]):
        code = _run(said)
    sys.exit(code)


def _run(said: dict[str, Any]) -> int:
    from catchlight.team.crew import places
    from catchlight.team.crew.journal import Journal
    from catchlight.team.look_over import survey_people
    from catchlight.team.naming import name_files
    from catchlight.team.pages.publish import publish
    from catchlight.team.people.gather import gather_people
    from catchlight.team.run import make_team

    people = gather_people(said["source"])
    wish = _wish(said)
    name_files(wish.template, people, wish.platforms)
    home = _open_home(said["output"], force=said["force"])
    crew = _hire(said, len(people))
    try:
        with Journal(home) as journal, show_progress(shown=not said["quiet"]) as tell:
            members, problems = survey_people(people, wish, crew, journal, tell)
            say_problems(problems, quiet=said["quiet"])
            if said["check"]:
                return SOME_FAILED if any(p.aside for p in problems) else 0
            made = make_team(members, problems, wish, crew, journal, said["output"], tell)
            pages = publish(made, wish, journal, said["output"])
    finally:
        crew.end(at_once=False)
    show_team(made, pages, said["output"], quiet=said["quiet"])
    if said["as_json"]:
        for name in pages:
            if name.endswith(".jsonl"):
                console.print_bytes(places.read(places.join(said["output"], name)))
    return SOME_FAILED if any(not m.frames for m in made.members) else 0


def _wish(said: dict[str, Any]) -> Wish:
    from catchlight.look import load_look
    from catchlight.studio.dial import asked_to_data
    from catchlight.team.crew import places
    from catchlight.team.decisions import read_decisions
    from catchlight.team.naming import DEFAULT
    from catchlight.team.one_look.match import take_after
    from catchlight.team.platforms import choose_platforms
    from catchlight.team.wish import Wish, ask_alike

    chosen = {} if said["backdrop"] is None else {"backdrop": said["backdrop"]}
    model = None
    if said["match"] is not None:
        data = places.read(str(said["match"]))
        asked, model = take_after(data, max_megapixels=said["max_megapixels"])
        chosen = {**asked, **chosen}
    if said["look_file"] is not None:
        look = load_look(said["look_file"])
        asked_for = asked_to_data(look.model_copy(update=chosen))
    else:
        asked_for = asked_to_data(ask_alike(said["setting"], chosen, polish=said["polish"]))
    decisions: dict[str, ReviewDecision] = {}
    for place in _find_decisions(said):
        decisions |= read_decisions(places.read(place))
    return Wish(
        asked_for,
        tuple(choose_platforms(said["sizes"])),
        said["template"] or DEFAULT,
        said["credentials"],
        said["metadata"] == "strip",
        said["max_megapixels"],
        model,
        decisions,
        title=Path(said["source"]).stem.replace("_", " ").title() or "Team",
    )


def _find_decisions(said: dict[str, Any]) -> list[str]:
    """The file that was named, or all that the pages of the output folder saved."""
    from catchlight.team.crew import places

    if said["decisions"] is not None:
        return [str(said["decisions"])]
    if not places.is_elsewhere(said["output"]):
        return [str(path) for path in sorted(Path(said["output"]).glob("decisions*.json"))]
    place = places.join(said["output"], "decisions.json")
    return [place] if places.exists(place) else []


def _open_home(output: str, *, force: bool) -> Path:
    """The folder of the journal; of outputs elsewhere it lies in this computer's cache."""
    from catchlight.errors import OutputExists
    from catchlight.team.crew import places

    if places.is_elsewhere(output):
        import hashlib

        import platformdirs

        seal = hashlib.sha256(output.encode()).hexdigest()[:16]
        return Path(platformdirs.user_cache_dir("catchlight", appauthor=False)) / "teams" / seal
    folder = Path(output)
    if folder.is_dir() and not (folder / ".team").is_dir() and not force:
        inside = [p for p in folder.iterdir() if not p.match("decisions*.json")]
        if inside:
            raise OutputExists(f"{output} holds something else. Name another folder, or --force.")
    return folder / ".team"


def _hire(said: dict[str, Any], count: int) -> Foreman:
    if said["ray"] is not None:
        from catchlight.team.crew.actors import hire_actors

        address = None if said["ray"] == "local" else said["ray"]
        return hire_actors(said["workers"], address=address)
    from catchlight.studio.machine import choose_workers
    from catchlight.team.crew.processes import hire_processes

    return hire_processes(max(1, min(said["workers"] or choose_workers(count), count)))

"""One row of a review sheet, read against the city as it is now: an answer, or what is wrong with it by its cell."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.errors import Problem, nearest
from mapping.files import list_shipped
from mapping.framework import read_framework
from mapping.review_import.columns import ANSWERS, KEYS, make_check, read_date, reads_both_ways, show_text, tidy
from mapping.sheets import Sheet
from mapping.tables import each_row, fold
from mapping.tags import Run

__all__ = ["RowReader"]


@dataclass
class RowReader:
    """Reads the answered rows of one sheet against the city as it is now."""

    sheet: Sheet
    places: dict[str, int]
    run: Run
    reviewer: str

    def __post_init__(self) -> None:
        self.said = False
        texts = self.run.partnership.priorities
        self.texts = dict(zip(texts["priority"], texts["text"], strict=True))
        themes = self.run.framework.themes
        self.theme_names = {fold(row.name): row.theme for row in each_row(themes)}
        own = (self.run.partnership.framework, self.run.framework)
        self.frameworks = {**dict.fromkeys(list_shipped("frameworks")), **{item.id: item for item in own}}

    def read(self, number: int, row: dict[str, str]) -> tuple[dict[str, str], list[Problem], list[Problem]]:
        """Return one answer, what is wrong with it, and what is odd about it."""
        self.number, self.faults, self.odd = number, list[Problem](), list[Problem]()
        answer = {column: tidy(row[column]) for column in ("framework", "priority", "theme")}
        answer["decision"] = self._read_answer(row["decision"])
        answer["reviewer"] = tidy(row.get("reviewer", "")) or self.reviewer
        answer["note"] = row.get("note", "").replace("\u00a0", " ").strip()
        answer["time"] = self._read_time(row.get("time", ""))
        answer |= {"place": self._at("decision"), "file": self.sheet.file}
        if not answer["reviewer"]:
            self._refuse("reviewer", "is empty: write the role or initials of who decided, or give --reviewer.")
        if all(self._check_key(column, row[column]) for column in KEYS) and self._check_ids(answer, row):
            answer["words"] = self._find_words(answer, row)
        return answer, self.faults, self.odd

    def _at(self, column: str) -> str:
        return self.sheet.at(self.number, self.places.get(column, 0))

    def _refuse(self, column: str, message: str) -> None:
        self.faults.append(Problem(self._at(column), message))

    def _read_answer(self, cell: str) -> str:
        known = {fold(word): answer for answer, words in ANSWERS.items() for word in words}
        if "?" in cell and fold(cell):
            said = f"'{tidy(cell)}' is a question; write Unsure where you doubt it."
            self._refuse("decision", f"{said} Allowed: {', '.join(answer.capitalize() for answer in ANSWERS)}.")
            return ""
        if fold(cell) in known:
            return known[fold(cell)]
        hint = nearest(cell, [word for words in ANSWERS.values() for word in words]).split(" Known:")[0]
        allowed = ", ".join(answer.capitalize() for answer in ANSWERS)
        self._refuse("decision", f"'{tidy(cell)}' is not an answer.{hint} Allowed: {allowed}.")
        return ""

    def _read_time(self, cell: str) -> str:
        time = read_date(cell)
        if time is None:
            self._refuse("time", f"'{tidy(cell)}' is not a date; write it day first, as 14/01/2019, or leave it empty.")
        elif reads_both_ways(cell) and not self.said:
            self.said = True
            self.odd.append(
                Problem(self._at("time"), f"'{tidy(cell)}' was read day first, as {time}; so were all dates like it.")
            )
        return time or ""

    def _check_key(self, column: str, cell: str) -> bool:
        if not cell.strip():
            message = "the row has an answer but this key is empty: copy the whole row from the workbook as exported."
            self._refuse(column, message)
        return bool(cell.strip())

    def _check_ids(self, answer: dict[str, str], row: dict[str, str]) -> bool:
        """Check that framework, theme and priority are known, and that the row was not pulled apart by a sort."""
        before = len(self.faults)
        owner = answer["framework"]
        if owner not in self.frameworks:
            self._refuse("framework", f"framework '{owner}' is not known.{nearest(owner, self.frameworks)}")
            return False
        framework = self.frameworks[owner] or read_framework(owner)
        if answer["theme"] not in framework.theme_ids:
            hint = nearest(answer["theme"], framework.theme_ids)
            self._refuse("theme", f"theme '{answer['theme']}' is not a theme of {owner}.{hint}")
        if answer["priority"] not in self.texts:
            hint = nearest(answer["priority"], self.texts)
            if self._has_moved(answer, row):
                self._refuse("priority", f"priority '{answer['priority']}' is not known.{hint}")
            else:
                message = f"priority '{answer['priority']}' is no longer there; its decision is kept as orphaned.{hint}"
                self.odd.append(Problem(self._at("priority"), message))
        if len(self.faults) > before:
            return False
        ref = tidy(row.get("ref", ""))
        named = self.theme_names.get(fold(row.get("theme_name", ""))) if framework is self.run.framework else None
        for column, shown, key in (
            ("ref", ref if ref in self.texts else "", "priority"),
            ("theme_name", named, "theme"),
        ):
            if shown and shown != answer[key]:
                message = (
                    f"the row shows '{shown}' but its hidden key says '{answer[key]}': a sort or paste has pulled "
                )
                self._refuse(column, message + "rows apart. Undo it, or copy the answers into a fresh export.")
        return len(self.faults) == before

    def _has_moved(self, answer: dict[str, str], row: dict[str, str]) -> bool:
        """Return whether an unknown id is a damaged one, rather than one that was exported and has gone since."""
        check = tidy(row.get("check", ""))
        if check:
            return check != make_check(answer["framework"], answer["priority"], answer["theme"], row["words"])
        return fold(row["words"]) in {fold(text) for text in self.texts.values()}

    def _find_words(self, answer: dict[str, str], row: dict[str, str]) -> str:
        """Return the words that were judged: those exported, unless the text of the row was edited since."""
        now, key, check = str(self.texts.get(answer["priority"], "")), row["words"], tidy(row.get("check", ""))
        ids = (answer["framework"], answer["priority"], answer["theme"])
        exported = key
        if check:
            # A text file may have lost letters of the key: the code still says which words they were.
            exported = next((words for words in (key, now) if words and make_check(*ids, words) == check), "")
        if not exported:
            message = "the hidden key of this row was changed, so it is not certain what was judged. "
            self._refuse("check", message + "Copy the answer into a fresh export.")
            return ""
        shown = row.get("text", exported)
        lossy = exported.encode("cp1252", "replace").decode("cp1252")
        if fold(shown) not in {fold(text) for text in (exported, show_text(exported), lossy, now or exported)}:
            message = f"the text was edited in the sheet, so it is not certain what was judged. It was: '{exported}'. "
            self._refuse("text", message + "Put it back; a remark on the wording goes under Note.")
        if now and fold(now) in {fold(exported), fold(shown)}:
            return now
        return exported

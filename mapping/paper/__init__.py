"""The discussion paper: a Word draft with every number traced to its rows, and gaps where only an officer may write."""

from mapping.paper.check import check_paper, find_marks
from mapping.paper.template import list_templates, read_template
from mapping.paper.versions import choose_version
from mapping.paper.writing import write_paper

__all__ = ["check_paper", "choose_version", "find_marks", "list_templates", "read_template", "write_paper"]

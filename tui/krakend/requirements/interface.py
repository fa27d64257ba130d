"""Right interface: what the file registers."""

from __future__ import annotations

from functools import partial

from tui.krakend.requirements.case import Case, sentence, what_follows
from tui.krakend.requirements.requirement import Requirement, Status, Topic
from tui.plugin.facts import PluginType


def interface(case: Case) -> Requirement:
    """The file exports a registerer that the target looks for."""
    facts = case.facts
    usable = [type_ for type_ in PluginType if _loads_type(case, type_)]
    want = ", ".join(type_.symbol for type_ in usable[:-1]) + f" or {usable[-1].symbol}"
    fail = partial(Requirement, Topic.INTERFACE, Status.FAIL, want=want)
    if not case.is_plugin:
        then = what_follows(case.prediction)
        return fail(
            have=facts.problem,
            message=f"It is {facts.problem}, and no Go plugin: {then}",
            log_line=case.prediction.log_line,
            fix=case.build(),
        )
    exported = {found.type for found in facts.registerers}
    if exported & set(usable):
        have = ", ".join(found.label for found in facts.registerers)
        return Requirement(Topic.INTERFACE, Status.PASS, have, want, _about_names(case))
    if facts.unusable:
        symbol = facts.unusable[0].symbol
        return fail(
            have=symbol,
            message=f"{sentence(facts.hint) or symbol}, so that KrakenD registers nothing.",
            log_line=_loader_line(facts.unusable[0]),
        )
    hint = f" ({facts.hint})" if facts.hint else ""
    return fail(
        have=", ".join(type_.symbol for type_ in exported) or "none",
        message=f"No registerer is exported that KrakenD looks for{hint}: it registers nothing.",
        log_line=f"symbol {usable[0].symbol} not found in plugin {facts.plugin_path}",
    )


def _loads_type(case: Case, type_: PluginType) -> bool:
    return type_ is not PluginType.MIDDLEWARE or case.target.has_middleware


def _about_names(case: Case) -> str:
    if any(found.name is None for found in case.facts.registerers):
        return "A name that is worked out at run time cannot be read from the file."
    if any(found.stem is not None for found in case.facts.registerers):
        return "A modifier registers two names; the config has to name those, not their stem."
    return "These are the names for the config, whatever the file is called."


def _loader_line(type_: PluginType) -> str:
    """What lura says of a registerer without its method (the three plugin.go and modifier.go)."""
    loaders = {
        PluginType.SERVER: "http-server-handler ",
        PluginType.CLIENT: "http-request-executor ",
        PluginType.MODIFIER: "modifier ",
    }
    return f"{loaders.get(type_, '')}plugin loader: unknown type"

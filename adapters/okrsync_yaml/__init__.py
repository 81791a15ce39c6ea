"""Goals and mapping rules from YAML files."""

from okrsync.ports.goals import GOAL_SPI_VERSION, GoalSourceManifest
from okrsync_yaml.edit import open_editor
from okrsync_yaml.export import write_goals
from okrsync_yaml.format import OkrFile
from okrsync_yaml.goals import open_goals
from okrsync_yaml.mapping import open_mapping
from okrsync_yaml.mapping_edit import open_mapping_editor
from okrsync_yaml.mapping_format import MappingFile

MANIFEST = GoalSourceManifest(
    name="yaml",
    spi=GOAL_SPI_VERSION,
    open_goals=open_goals,
    open_mapping=open_mapping,
    edit_mapping=open_mapping_editor,
    edit_goals=open_editor,
    write_goals=write_goals,
    schemas={"okrs": OkrFile.model_json_schema, "mapping": MappingFile.model_json_schema},
)

__all__ = ["MANIFEST"]

import type { CommandSpec } from "../../cli/command_spec.ts";
import {
  attachedOptions,
  offerOf,
  type Offers,
  optionsOf,
  valuedOptions,
} from "./options.ts";

/** The script for bash, from version 3.2 on, which is that of macOS. */
export function bashCompletions(commands: readonly CommandSpec[]): string {
  return `\
# Completions of tcplab for bash. For this shell:
#     eval "$(tcplab completions bash)"
# For every shell: put that line into ~/.bashrc.
_tcplab() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]}
  local options valued attached option= before= joined= position=0 word i
  [[ $current =~ ^[:=]+$ ]] && current=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _tcplab_offer -W "${commands.map(({ name }) => name).join(" ")} --help"
    return
  fi
  case $command in
${commands.map(optionsCase).join("\n")}
  esac
  for ((i = 2; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == = && " $attached " == *" $before "* ]] && option=$before
    before=$word
    ((i == COMP_CWORD)) && break
    # Bash cuts words at : and =, so that these join what is around them.
    if [[ $word =~ ^[:=]+$ ]]; then
      [[ $word == = && -n $option ]] && continue
      [[ -z $option && $position == 0 ]] && position=1
      option= joined=1
    elif [[ -n $joined ]]; then joined=
    elif [[ -n $option ]]; then option=
    elif [[ " $valued " == *" $word "* ]]; then option=$word
    elif [[ $word != -* ]]; then position=$((position + 1))
    fi
  done
  [[ -n $joined ]] && return
  if [[ -z $option && $current == -* ]]; then
    _tcplab_offer -W "$options"
    return
  fi
  case "$command \${option:-$position}" in
${commands.flatMap(valueCases).join("\n")}
  esac
}

_tcplab_offer() {
  local word
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen "$@" -- "$current")
}

_tcplab_paths() {
  _tcplab_offer "$1"
  # Not in bash 3.2, which then leaves out the slash behind a folder.
  compopt -o filenames -o "$2" 2>/dev/null
}

complete -F _tcplab tcplab`;
}

function optionsCase(command: CommandSpec): string {
  const options = optionsOf(command).map(({ name }) => `--${name}`);
  return `    ${command.name}) ` +
    `options="${options.join(" ")}" ` +
    `valued="${valuedOptions(command).join(" ")}" ` +
    `attached="${attachedOptions(command).join(" ")}" ;;`;
}

/** `"samples 0") ...` for the first argument, `"files --output") ...` */
function valueCases(command: CommandSpec): string[] {
  const args = Object.values(command.arguments).entries();
  const options = optionsOf(command).map(({ name, value }) =>
    [`--${name}`, value] as const
  );
  return [...args, ...options].flatMap(([place, value]) => {
    const offer = value && offerOf(value, OFFERS);
    return offer ? [`    "${command.name} ${place}") ${offer} ;;`] : [];
  });
}

const OFFERS: Offers = {
  words: (list) => `_tcplab_offer -W "${list}"`,
  file: "_tcplab_paths -f default",
  folder: "_tcplab_paths -d dirnames",
};

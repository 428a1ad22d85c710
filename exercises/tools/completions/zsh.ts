import type { CommandSpec } from "../../cli/command_spec.ts";
import type { Parameter } from "../../cli/parameters.ts";
import { offerOf, type Offers, optionsOf } from "./options.ts";

/** The script for zsh: a completion function for `_arguments`. */
export function zshCompletions(commands: readonly CommandSpec[]): string {
  return `\
#compdef tcplab
# Completions of tcplab for zsh. For this shell, after compinit:
#     eval "$(tcplab completions zsh)"
# For every shell: put that line into ~/.zshrc, after compinit.
_tcplab() {
  local context state state_descr line curcontext=$curcontext
  local -A opt_args
  local -a commands
  _arguments -C '(- *)--help[show the help and stop]' \\
    '1: :->command' '*:: :->arguments' && return
  if [[ $state == command ]]; then
    commands=(
${commands.map(describeCommand).join("\n")}
    )
    _describe -t commands command commands
    return
  fi
  case $words[1] in
${commands.map(argumentsCase).join("\n")}
  esac
}

# Found by compinit in a file of its own, it is run there and then.
if [[ $funcstack[1] == _tcplab ]]; then
  _tcplab "$@"
else
  compdef _tcplab tcplab
fi`;
}

function describeCommand({ name, title }: CommandSpec): string {
  return `      ${quote(`${name}:${title}`)}`;
}

function argumentsCase(command: CommandSpec): string {
  const specs = optionsOf(command).map(({ name, about, value }) =>
    value === null
      ? `--${name}[${escaped(about)}]`
      : `--${name}=${value.alone ? "-" : ""}[${escaped(about)}]` +
        (value.alone ? ":" : "") +
        message(value.placeholder ?? "value", value)
  );
  Object.entries(command.arguments).forEach(([name, argument], i) => {
    const optional = argument.default === undefined ? "" : ":";
    specs.push(`${i + 1}${optional}${message(name, argument)}`);
  });
  if (command.rest) specs.push(`*${message(command.rest.name)}`);
  const lines = specs.map((spec) => `        ${quote(spec)}`);
  return `    ${command.name}) _arguments \\\n${lines.join(" \\\n")} ;;`;
}

/** `:action:(list get)`: what is wanted, and what to offer. */
function message(name: string, value?: Parameter<unknown>): string {
  return `:${escaped(name)}:${value && offerOf(value, OFFERS) || " "}`;
}

const OFFERS: Offers = {
  words: (list) => `(${list})`,
  file: "_files",
  folder: "_path_files -/",
};

/** In a spec these have a meaning of their own. */
function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

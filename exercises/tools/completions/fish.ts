import type { CommandSpec } from "../../cli/command_spec.ts";
import { offerOf, type Offers, optionsOf, valuedOptions } from "./options.ts";

/** The script for fish: one `complete` for each thing that can be offered. */
export function fishCompletions(commands: readonly CommandSpec[]): string {
  return `\
# Completions of tcplab for fish. For this shell:
#     tcplab completions fish | source
# For every shell:
#     tcplab completions fish > ~/.config/fish/completions/tcplab.fish

# Whether what is typed belongs to the command $argv[1].
function __tcplab_in
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

# Whether it is the argument number $argv[2] of it, counted from 0. A value
# that follows one of the options $argv[3..] is no argument.
function __tcplab_at
    __tcplab_in $argv[1]; or return
    set -l words (commandline -opc)
    set -l position 0
    set -l value 0
    for word in $words[3..]
        if test $value = 1
            set value 0
        else if contains -- $word $argv[3..]
            set value 1
        else if not string match -q -- '-*' $word
            set position (math $position + 1)
        end
    end
    test $position = $argv[2]
end

complete -c tcplab -f
complete -c tcplab -n 'test (count (commandline -opc)) = 1' -l help -d 'show the help and stop'
${commands.flatMap(completeCommand).join("\n")}`;
}

function completeCommand(command: CommandSpec): string[] {
  const { name, title } = command;
  const first = line("test (count (commandline -opc)) = 1", [
    `-a ${name}`,
    `-d ${quote(title)}`,
  ]);
  const options = optionsOf(command).map(({ name: option, about, value }) =>
    line(`__tcplab_in ${name}`, [
      `-l ${option}`,
      ...(value && !value.alone ? ["-x"] : []),
      value && offerOf(value, OFFERS),
      `-d ${quote(about)}`,
    ])
  );
  const args = Object.values(command.arguments).flatMap((argument, i) => {
    const words = offerOf(argument, OFFERS);
    const place = ["__tcplab_at", name, i, ...valuedOptions(command)];
    return words ? [line(place.join(" "), [words])] : [];
  });
  return [first, ...options, ...args];
}

const OFFERS: Offers = {
  words: (list) => `-a ${quote(list)}`,
  file: "-a '(__fish_complete_path)'",
  folder: "-a '(__fish_complete_directories)'",
};

function line(condition: string, words: (string | null)[]): string {
  return ["complete -c tcplab", `-n ${quote(condition)}`, ...words]
    .filter((word) => word !== null).join(" ");
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}

# For the interactive zsh of type_in_zsh.zsh: a Tab prints what is offered. The
# marks are written in two parts, so that the echo of a line is none of them.
PS1=
autoload -Uz compinit && compinit -D -u
source $1
LISTMAX=0
compadd() {
  local -a offers
  # With -O, -A or -D it only fills an array for its caller.
  if [[ "${@[1,(i)(-|--)]}" != *-[OAD]\ * ]]; then
    builtin compadd -O offers "$@"
    (( $#offers )) && print -rl -- "" OFF''"ER "$^offers
  fi
  builtin compadd "$@"
}
tell() { zle complete-word; print -r -- "" DO''NE }
zle -N tell
bindkey '^I' tell
print REA''DY

# Types each line $2, $3, ... and a Tab into an interactive zsh that has the
# completions of the file $1, and prints what is offered, on one line for each.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source ${(q)0:h}/offers.zsh ${(q)1}"
zpty -r shell output '*READY*'
for line in "${@[2,-1]}"; do
  zpty -w -n shell $'\C-u'"$line"$'\t'
  zpty -r shell output '*DONE*'
  print -r -- ${${(M)${(f)${output//$'\r'}}:#*OFFER *}##*OFFER }
done
zpty -d shell

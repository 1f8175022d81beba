#!/bin/sh
# The demo: the seed article into a store, checked, joined with a slice of Wikidata, and asked eight questions.
# Usage: demo.sh KG STORE OUTPUT.ttl
set -eu
kg=$1 store=$2 output=$3

if [ -t 1 ]; then bold='\033[1m' plain='\033[0m'; else bold='' plain=''; fi
say() { printf "\n$bold%s$plain\n" "$*"; }
ask() { # TITLE, then the arguments of `kg query`
    say "$1"
    shift
    "$kg" query --store "$store" --format table "$@"
}

rm -rf "$store"
say "Loading seeds/, checking the graph against the shapes, merging a slice of Wikidata"
"$kg" load seeds/ --base https://news.example/ --store "$store" # said outright: a demo is not published
"$kg" validate --store "$store"
"$kg" merge seeds/linked/wikidata-slice.ttl --store "$store"

ask "Who was killed, how many, and according to whom?" --name casualties
ask "Who claimed responsibility for what?" --name responsibility
ask "What happened where and when?" --name timeline
ask "Who are the actors?" --name actors
ask "Whose word is it?" --name sources
say "What do the sources disagree on?"
"$kg" conflicts --store "$store" --all --format table
ask "… and what is denied, only possible, or planned:" --name not-so
ask "In which country did it happen, and what is its capital? (only the slice of Wikidata knows)" @seeds/linked/capitals.rq

"$kg" export --store "$store" --output "$output"
say "The graph is in $output ($(wc -l <"$output" | tr -d ' ') lines); ask your own with: $kg query --store $store '…'"
say "Look at it in a browser: $kg serve --store $store"

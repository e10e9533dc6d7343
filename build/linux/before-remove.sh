#!/bin/sh
# Runs before the files of the package go (deb: prerm, rpm: %preun): everybody's clients get their own servers back,
# while the program that can do it is still there. When that fails the package stays, because entries that still lead
# to it would start nothing. PATCHBAY_REMOVE_ANYWAY=1 removes it all the same.
set -u

app=/opt/Patchbay

# deb says `remove`; rpm says how many versions remain. An upgrade keeps everything.
case ${1-} in
  remove | 0) ;;
  *) exit 0 ;;
esac
[ -x "$app/patchbay" ] || exit 0

# As that person, with nothing of root's environment.
uninstall_for() {
  runuser -u "$1" -- env -i HOME="$2" USER="$1" LOGNAME="$1" PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 \
    ELECTRON_RUN_AS_NODE=1 "$app/patchbay" "$app/resources/app.asar/dist/cli.mjs" uninstall --yes --keep-data
}

failed=
while IFS=: read -r user _ _ _ _ home _; do
  # Without this folder nothing of theirs was ever changed.
  [ -n "$home" ] && [ -d "$home/.local/share/patchbay/migrations" ] || continue
  echo "Patchbay: putting back the configurations of $user"
  uninstall_for "$user" "$home" </dev/null || failed="$failed $user"
done <<PEOPLE
$(getent passwd)
PEOPLE

if [ -z "$failed" ]; then
  echo "Patchbay: catalogs, histories and backups stay in ~/.local/share/patchbay of each person."
  echo "Patchbay: whoever keeps them elsewhere (PATCHBAY_HOME, XDG_DATA_HOME) runs 'patchbay uninstall' first."
  exit 0
fi
echo "Patchbay: some configurations could not be put back, for:$failed" >&2
[ "${PATCHBAY_REMOVE_ANYWAY-}" = 1 ] && exit 0
echo "Patchbay: the package stays, so that their servers keep working. See to what is said above and remove it" >&2
echo "Patchbay: again, or remove it all the same with PATCHBAY_REMOVE_ANYWAY=1 in the environment." >&2
exit 1

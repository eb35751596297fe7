#!/usr/bin/env bash
# Installs bigrules into an environment of its own, and tells the next step where its Python is.
#
# BIGRULES_PYTHON   the Python to use
# BIGRULES_VERSION  a version; without it, the one that stands beside this script
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${BIGRULES_PYTHON:-python3}
version=${BIGRULES_VERSION:-}

# Nothing but a version may get as far as the installer.
if [[ -n $version && ! $version =~ ^[0-9]+(\.[0-9]+)*((a|b|rc|\.dev|\.post)[0-9]+)*$ ]]; then
  echo "::error::version has to be a version of bigrules, such as 0.1.0"
  exit 2
fi

# Away from the repository, whose modules Python would else import in place of its own.
cd "${RUNNER_TEMP:?}"
place="$RUNNER_TEMP/bigrules-environment"
"$python" -m venv --clear "$place"
bin="$place/bin/python"
if [[ -x "$place/Scripts/python.exe" ]]; then
  bin="$place/Scripts/python.exe"
fi

if [[ -n $version ]]; then
  what="bigrules[xlsx]==$version"
else
  what="$(dirname "$here")[xlsx]"
fi
"$bin" -m pip install --quiet --disable-pip-version-check "$what"
"$bin" -m bigrules --version
echo "BIGRULES_BIN=$bin" >> "${GITHUB_ENV:?}"

#!/usr/bin/env bash
# Makes the four generated files of imports/ anew: the CRDs from Istio's Go modules, the types from the CRDs.
# Needs Go and, the first time, its module proxy. Running it again gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")"

(cd generator && go run . ..)

export CDK8S_CHECK_UPGRADE=false
for group in install.istio.io networking.istio.io; do
  npx --no-install cdk8s import "$group.crd.yaml" --language typescript --output . --no-save
  # cdk8s spells the underscore of an enum's value out in its name: AUTO_UNDERSCORE_PASSTHROUGH = "AUTO_PASSTHROUGH"
  sed -E '/^  [A-Z0-9_]+ = "/s/_UNDERSCORE_/_/g' "$group.ts" > "$group.ts.new"
  mv "$group.ts.new" "$group.ts"
done

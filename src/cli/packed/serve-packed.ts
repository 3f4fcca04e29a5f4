import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Mistake, usageMistake } from '../../config/config-error.ts';
import { packedFolders } from '../../config/packed-folders.ts';
import { HOST_KEYS } from '../../config/read-functions.ts';
import { FIELDS } from '../../config/schema.ts';
import { trustedKeyTexts } from '../../config/trusted-keys.ts';
import { RuntimeError } from '../../contract/errors.ts';
import type { Manifest } from '../../packed/manifest.ts';
import { openPackage } from '../../packed/open-package.ts';
import { enterPrivateMemory, isPrivateMemory } from '../../packed/private-memory.ts';
import { type Unpacked, unpackPackage } from '../../packed/unpack-package.ts';
import { verifyPackage } from '../../packed/verify-package.ts';
import { writtenProgram } from '../../process/code-folder.ts';
import { findBash } from '../../process/find-bash.ts';
import type { Invocation } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { runCommand } from '../run-command.ts';
import { serveCommand } from '../serve-command.ts';
import { PACKED_CONFIG_NAME } from './packed-config-name.ts';

/**
 * Serves what is packed into a file as `httpfn run` or `httpfn serve` would. Nothing of it is read before its signature is judged, where
 * this machine trusts somebody. Rejects with ERR_PACKED_*.
 */
export async function servePacked(file: string, invocation: Invocation): Promise<ExitCode> {
	const { manifest, unpacked } = await unpack(file, invocation);
	try {
		await requireBash(manifest, unpacked.folder, invocation.environment);
		return await serveFolder(manifest, unpacked.folder, invocation);
	} finally {
		unpacked.release();
	}
}

function serveFolder(manifest: Manifest, folder: string, invocation: Invocation): Promise<ExitCode> {
	const { arguments: given } = invocation;
	if (manifest.kind === 'function') {
		const parameters = [path.join(folder, manifest.name)];
		return runCommand.run({ ...invocation, arguments: { ...given, parameters } });
	}
	const options = new Map([...given.options, ['--config', [path.join(folder, PACKED_CONFIG_NAME)]]]);
	const mistakes = [...given.mistakes, ...judgeHostFlags(invocation)];
	return serveCommand.run({ ...invocation, arguments: { ...given, options, mistakes } });
}

async function unpack(
	file: string,
	{ arguments: given, environment, workingFolder, stderr }: Invocation,
): Promise<{ readonly manifest: Manifest; readonly unpacked: Unpacked }> {
	const flag = given.options.get('--trusted-key')?.[0] ?? null;
	const trusted = trustedKeyTexts({ environment, workingFolder, flag });
	await using opened = await openPackage(file);
	if (trusted.length > 0) await verifyPackage(opened, trusted, file);
	const unpacked = await unpackPackage(opened, packedFolders(environment)).catch((error) => {
		if (error.code === 'ERR_PACKED_FOLDER') enterPrivateMemory(environment);
		throw error;
	});
	if (isPrivateMemory(environment))
		stderr.writeText('httpfn: unpacked in memory, since no folder could be written\n');
	if (unpacked.repaired !== null) stderr.writeText(`httpfn: unpacked again, since of ${unpacked.repaired}\n`);
	return { manifest: opened.manifest, unpacked };
}

/** Said at once: an appliance that can never answer has to be told from one that can. Rejects with ERR_SPAWN_FAILED. */
async function requireBash(
	{ functions }: Manifest,
	root: string,
	environment: Invocation['environment'],
): Promise<void> {
	const bash = findBash(environment.PATH);
	if (existsSync(bash)) return;
	for (const { name, folder } of functions) {
		if (writtenProgram(path.join(root, folder)) !== null) continue;
		throw new RuntimeError(
			'ERR_SPAWN_FAILED',
			`could not serve ${name}: its bootstrap is started by bash, and there is none, wanted ${bash} or one on PATH; edge functions need none`,
		);
	}
}

function judgeHostFlags({ arguments: { settings } }: Invocation): Mistake[] {
	return [...settings.keys()]
		.filter((key) => !HOST_KEYS.some((host) => host === key))
		.map((key) =>
			usageMistake(FIELDS[key].flag ?? key, 'is a setting of one function; this file has several'),
		);
}

import { Buffer } from 'node:buffer';
import type { CodePackages } from '../../catalog/code-packages.ts';
import type { CodeRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';

/** A package as it was sent, whole. Rejects with ERR_STATE_UNAVAILABLE where it can not be read, or is not what was stored. */
export async function readPackage(packages: CodePackages, code: CodeRecord): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	try {
		for await (const chunk of packages.read(code)) chunks.push(chunk);
	} catch (error) {
		const { code: why } = error as NodeJS.ErrnoException;
		const found = `could not read package ${code.digest.slice(0, 16)}…: ${why ?? 'unreadable'}`;
		throw new RuntimeError('ERR_STATE_UNAVAILABLE', found, { cause: error });
	}
	const bytes = Buffer.concat(chunks);
	if (bytes.byteLength === code.bytes) return bytes;
	const found = `package ${code.digest.slice(0, 16)}… has ${bytes.byteLength} bytes`;
	throw new RuntimeError('ERR_STATE_UNAVAILABLE', `${found}, wanted the ${code.bytes} that were stored`);
}

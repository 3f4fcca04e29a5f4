import { Buffer } from 'node:buffer';
import type { CodeRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import type { ControlContext } from '../control-context.ts';
import type { CodeBody } from './function-schemas.ts';

const TYPES: readonly CodeRecord['type'][] = ['inline', 'zip', 'jar'];
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Judges and keeps the code that a body brings. Rejects with ERR_CODE_TYPE_INVALID, ERR_CODE_MISSING, and as CodePackages.store does:
 * ERR_CODE_INVALID, ERR_CODE_TOO_LARGE, ERR_STATE_UNAVAILABLE.
 */
export async function codeOfBody({ packages }: ControlContext, body: CodeBody): Promise<CodeRecord> {
	const type = TYPES.find((known) => known === (body.code_type ?? 'zip'));
	if (type === undefined) {
		const why = 'httpfn reads no object storage and no images: send the package itself';
		const found = `code_type: found ${JSON.stringify(body.code_type)}, wanted one of ${TYPES.join(', ')}`;
		throw new RuntimeError('ERR_CODE_TYPE_INVALID', `${found}: ${why}`);
	}
	const file = body.func_code?.file ?? '';
	if (file === '') {
		const wanted = type === 'inline' ? 'the text of bootstrap' : `the ${type}`;
		throw new RuntimeError('ERR_CODE_MISSING', `func_code.file: found nothing, wanted ${wanted} in Base64`);
	}
	const filename = body.code_filename ?? (type === 'inline' ? 'bootstrap' : `index.${type}`);
	return packages.store(bytesOf(file, type), { type, filename });
}

/** Inline code may be sent as it is (documented: Base64 or text). */
function bytesOf(file: string, type: CodeRecord['type']): Buffer {
	// Some encoders break lines.
	const packed = file.includes('\n') ? file.replaceAll(/[\r\n]/g, '') : file;
	if (packed.length % 4 === 0 && BASE64.test(packed)) return Buffer.from(packed, 'base64');
	if (type === 'inline') return Buffer.from(file, 'utf8');
	throw new RuntimeError('ERR_CODE_INVALID', 'func_code.file: wanted Base64');
}

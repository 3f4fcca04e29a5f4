import { Buffer } from 'node:buffer';
import type { NewCode } from '../../catalog/code-packages.ts';
import { CODE_TYPES } from '../../catalog/records.ts';
import { kindOf } from '../../contract/kind-of.ts';
import type { Mistakes } from '../models/mistakes.ts';
import type { CodeBody } from './function-schemas.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export interface SentCode extends NewCode {
	readonly bytes: Buffer;
}

/** The code that a body brings. Null where mistakes were added: of ERR_CODE_TYPE_INVALID, ERR_CODE_MISSING, ERR_CODE_INVALID. */
export function codeOfBody(body: CodeBody, mistakes: Mistakes): SentCode | null {
	const type = CODE_TYPES.find((known) => known === (body.code_type || 'zip'));
	if (type === undefined) {
		const why = 'httpfn reads no object storage and no images: send the package itself';
		const found = `code_type: found ${kindOf(body.code_type)}, wanted one of ${CODE_TYPES.join(', ')}`;
		mistakes.add('ERR_CODE_TYPE_INVALID', `${found}: ${why}`);
		return null;
	}
	const file = body.func_code?.file ?? '';
	if (file === '') {
		const wanted = type === 'inline' ? 'the text of bootstrap' : `the ${type}`;
		mistakes.add('ERR_CODE_MISSING', `func_code.file: found nothing, wanted ${wanted} in Base64`);
		return null;
	}
	const bytes = type === 'inline' ? inlineBytes(file) : base64Bytes(file);
	if (bytes === null) {
		mistakes.add('ERR_CODE_INVALID', `func_code.file: found ${kindOf(file)}, wanted the ${type} in Base64`);
		return null;
	}
	return { type, bytes, filename: body.code_filename || (type === 'inline' ? 'bootstrap' : `index.${type}`) };
}

/** Inline code may be sent as it is (documented: Base64 or text). */
function inlineBytes(file: string): Buffer {
	const packed = withoutBreaks(file);
	const encoded = packed.length % 4 === 0 && BASE64.test(packed);
	return Buffer.from(encoded ? packed : file, encoded ? 'base64' : 'utf8');
}

/** What is no Base64 the engine skips: fewer bytes come out than should. To match 66 MB would cost more than to decode them. */
function base64Bytes(file: string): Buffer | null {
	const packed = withoutBreaks(file);
	if (packed.length % 4 !== 0) return null;
	const padding = packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0;
	const bytes = Buffer.from(packed, 'base64');
	return bytes.length === (packed.length / 4) * 3 - padding ? bytes : null;
}

/** Some encoders break lines. */
function withoutBreaks(file: string): string {
	return file.includes('\n') ? file.replaceAll(/[\r\n]/g, '') : file;
}

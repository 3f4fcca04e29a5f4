/**
 * Reads the head of an envelope the way the platform's gateway does: `statusCode` an integer other than 0, header values
 * text or lists of text (observed), `isBase64Encoded` true unless said otherwise (documented). The body is a span of
 * the input (`EventScanner`). A refusal is ERR_ENVELOPE_INVALID, which travels as HTTP 500 with FSS.1206.
 */
import { RuntimeError } from './errors.ts';
import { badFieldCharacter, isFieldName, wireFromText } from './header-text.ts';
import { isObject, kindOf } from './kind-of.ts';

export interface DecodedEnvelope {
	readonly statusCode: number;
	/** Latin-1 wire text, in order; a list of values is one field a value. */
	readonly fields: ReadonlyArray<readonly [string, string]>;
	readonly bodyIsBase64: boolean;
}

const FORMAT = '{"statusCode":200,"isBase64Encoded":false,"headers":{},"body":""}';

/** `rest` is the envelope parsed, without its body. */
export function decodeEnvelope(rest: unknown): DecodedEnvelope {
	if (!isObject(rest)) throw invalid(kindOf(rest));
	const { statusCode, headers, isBase64Encoded } = rest;
	if (statusCode === undefined || statusCode === null || statusCode === 0) {
		throw new RuntimeError(
			'ERR_ENVELOPE_INVALID',
			"'statusCode' of APIG trigger invocation result not specified, statusCode can not be 0",
		);
	}
	// Codes under 200 are interim answers, and no final one may be: an HTTP client would wait for more.
	if (
		typeof statusCode !== 'number' ||
		!Number.isInteger(statusCode) ||
		statusCode < 200 ||
		statusCode > 599
	) {
		throw invalid(`statusCode is ${kindOf(statusCode)}`);
	}
	if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') {
		throw invalid(`isBase64Encoded is ${kindOf(isBase64Encoded)}`);
	}
	return { statusCode, fields: decodeFields(headers), bodyIsBase64: isBase64Encoded !== false };
}

function decodeFields(headers: unknown): Array<readonly [string, string]> {
	if (headers === undefined || headers === null) return [];
	if (!isObject(headers)) throw invalid(`headers is ${kindOf(headers)}`);
	const fields: Array<readonly [string, string]> = [];
	for (const [name, value] of Object.entries(headers)) {
		if (!isFieldName(name)) throw invalid(`headers has the name ${JSON.stringify(name)}`);
		for (const item of Array.isArray(value) ? value : [value]) {
			if (typeof item !== 'string') throw invalid(`header ${name} is ${kindOf(item)}`);
			const wire = wireFromText(item);
			if (badFieldCharacter(wire) !== -1) throw invalid(`header ${name} holds a control character`);
			fields.push([name, wire]);
		}
	}
	return fields;
}

function invalid(found: string): RuntimeError {
	return new RuntimeError(
		'ERR_ENVELOPE_INVALID',
		`invalid type of APIG trigger invocation result:[${found}], type format must be: ${FORMAT}`,
	);
}

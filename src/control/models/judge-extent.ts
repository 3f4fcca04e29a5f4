import { RuntimeError } from '../../contract/errors.ts';

/** Values in a body, and levels of them (ours). Only texts are ever long in bodies; a schema makes several objects of every value. */
const VALUES_MAX = 10_000;
const LEVELS_MAX = 20;

/** Throws ERR_BODY_INVALID where JSON holds more values, or is nested deeper, than anything here has a use for. */
export function judgeExtent(json: unknown): void {
	let values = 0;
	let level: readonly unknown[] = [json];
	for (let levels = 0; level.length > 0; levels += 1) {
		if (levels > LEVELS_MAX) throw tooMuch(`is nested deeper than ${LEVELS_MAX} levels`);
		const below: unknown[] = [];
		for (const value of level) {
			if (typeof value !== 'object' || value === null) continue;
			const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
			values += parts.length;
			if (values > VALUES_MAX) throw tooMuch(`holds more than ${VALUES_MAX} values`);
			for (const part of parts) below.push(part);
		}
		level = below;
	}
}

function tooMuch(found: string): RuntimeError {
	return new RuntimeError('ERR_BODY_INVALID', `the body ${found}, which is the most this API takes`);
}

import * as z from 'zod/mini';
import { assert } from '../../base/assert.ts';

export type Json = Record<string, unknown>;

/**
 * Schemas as JSON Schema. What one of them refers to within itself, such as a type that holds itself, moves to the document's
 * components: a reference of an OpenAPI document begins at its root. The same part gets the same name wherever it comes from.
 */
export class SharedSchemas {
	readonly #texts = new Map<string, string>();

	/** Of one side of a schema: what clients may send, or what they get. */
	jsonSchema(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
		const {
			$schema: _dialect,
			$defs = {},
			...rest
		} = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
		let text = JSON.stringify(rest);
		for (const [name, part] of Object.entries($defs)) {
			const here = `"#/$defs/${name}"`;
			const shared = this.#nameOf(JSON.stringify(part).replaceAll(here, SELF));
			text = text.replaceAll(here, `"${COMPONENTS}${shared}"`);
		}
		return JSON.parse(text);
	}

	/** Everything that schemas so far refer to, by name. */
	get components(): Json {
		const parts = [...this.#texts].map(([text, name]) => {
			return [name, JSON.parse(text.replaceAll(SELF, `"${COMPONENTS}${name}"`))];
		});
		return Object.fromEntries(parts);
	}

	#nameOf(text: string): string {
		assert(!text.includes('"#/$defs/'), 'a shared part refers to nothing but itself');
		const name = this.#texts.get(text) ?? `Part${this.#texts.size + 1}`;
		this.#texts.set(text, name);
		return name;
	}
}

/** Where a part refers to itself, whatever it is called. */
const SELF = '"#self"';
const COMPONENTS = '#/components/schemas/';

/** Holds answers of the control plane to its own OpenAPI document. */
import { fromJSONSchema } from 'zod';
import { openApiDocument } from '../../src/control/openapi/openapi-document.ts';

interface Described {
	readonly responses: Readonly<
		Record<string, { readonly content?: Record<string, { readonly schema: object }> }>
	>;
}
interface Document {
	readonly components: { readonly schemas: Readonly<Record<string, object>> };
	readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

const DOCUMENT = openApiDocument() as Document;
const COMPONENTS = '#/components/schemas/';
const METHODS = new Map<string, { readonly pattern: RegExp; readonly described: Described }[]>();

/** Throws where the document does not know the call, its status, or the form of its answer. Failures are not judged. */
export function judgeAnswer(method: string, path: string, status: number, body: unknown): void {
	if (status >= 400) return;
	const pathname = path.split('?', 1)[0] ?? '';
	const found = routes(method).find(({ pattern }) => pattern.test(pathname));
	if (found === undefined) throw new Error(`the OpenAPI document has no ${method} ${path}`);
	const response = found.described.responses[status];
	if (response === undefined) throw new Error(`the OpenAPI document has no ${status} of ${method} ${path}`);
	const schema = response.content?.['application/json']?.schema;
	if (schema === undefined) {
		if (body !== null)
			throw new Error(`${method} ${path} answers a body, which the OpenAPI document does not have`);
		return;
	}
	const judged = readSchema(schema).safeParse(body);
	if (!judged.success)
		throw new Error(`${method} ${path} answers ${JSON.stringify(body)}: ${judged.error.message}`);
}

/** A schema of the document, with all that it refers to. */
export function readSchema(schema: object): ReturnType<typeof fromJSONSchema> {
	const text = JSON.stringify(schema);
	if (!text.includes(COMPONENTS)) return fromJSONSchema(JSON.parse(text));
	const all = JSON.stringify({ ...schema, $defs: DOCUMENT.components.schemas });
	return fromJSONSchema(JSON.parse(all.replaceAll(COMPONENTS, '#/$defs/')));
}

/** As the server chooses among them: in the order of the table. */
function routes(method: string): readonly { readonly pattern: RegExp; readonly described: Described }[] {
	const known = METHODS.get(method);
	if (known !== undefined) return known;
	const made = Object.entries(DOCUMENT.paths).flatMap(([path, item]) => {
		const described = item[method.toLowerCase()];
		const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
		return described === undefined ? [] : [{ pattern, described }];
	});
	METHODS.set(method, made);
	return made;
}

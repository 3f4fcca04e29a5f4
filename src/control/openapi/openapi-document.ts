/**
 * The OpenAPI 3.1 document of the control plane, made from the table of operations and their schemas: what it says is what
 * the routes do. Operations that are refused stand in it too, with their only answer.
 */
import * as z from 'zod/mini';
import { ERRORS } from '../../contract/errors.ts';
import type { Operation, OperationName, RefusedOperation } from '../operation.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../operations.ts';
import { type Json, SharedSchemas } from './shared-schemas.ts';

export function openApiDocument(): object {
	const schemas = new SharedSchemas();
	const paths: Record<string, Json> = {};
	const add = (operation: OperationName, description: Json) => {
		const item = paths[operation.path] ?? {};
		paths[operation.path] = { ...item, [operation.method.toLowerCase()]: description };
	};
	for (const operation of ALL_OPERATIONS) add(operation, served(operation, schemas));
	for (const operation of REFUSED_OPERATIONS) add(operation, refused(operation));
	return {
		openapi: '3.1.0',
		info: {
			title: 'httpfn control plane',
			version: 'v2',
			description: "FunctionGraph's API for HTTP functions, and httpfn's own under /httpfn/v1.",
		},
		jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
		security: [{ signature: [] }, { token: [] }],
		paths,
		components: {
			securitySchemes: {
				signature: {
					type: 'apiKey',
					in: 'header',
					name: 'Authorization',
					description: 'SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…',
				},
				token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
			},
			schemas: { Error: schemas.jsonSchema(errorSchema(), 'output'), ...schemas.components },
			responses: { Error: { description: 'What went wrong.', content: json(reference('Error')) } },
		},
	};
}

function served(operation: Operation, schemas: SharedSchemas): Json {
	const { answer, query, body, spooled } = operation;
	const schema = answer.schema === undefined ? null : schemas.jsonSchema(answer.schema(), 'output');
	const given = spooled ? {} : body === undefined ? null : schemas.jsonSchema(body(), 'input');
	const asked = query === undefined ? [] : queryParameters(schemas.jsonSchema(query(), 'input'));
	return {
		...named(operation),
		parameters: [...pathParameters(operation), ...asked],
		...(given === null ? {} : { requestBody: { content: json(given) } }),
		responses: {
			[answer.status]: {
				description: operation.summary,
				...(schema === null ? {} : { content: json(schema) }),
			},
			default: { $ref: '#/components/responses/Error' },
		},
	};
}

function refused(operation: RefusedOperation): Json {
	const { status, wire } = ERRORS[operation.code];
	return {
		...named(operation),
		deprecated: true,
		description: `Refused with ${wire}: ${operation.why}.`,
		parameters: pathParameters(operation),
		responses: { [status]: { description: operation.why, content: json(reference('Error')) } },
	};
}

function named({ id, summary, path }: OperationName): Json {
	return { operationId: id, summary, tags: [path.startsWith('/httpfn/') ? 'httpfn' : 'FunctionGraph'] };
}

function pathParameters({ path }: OperationName): Json[] {
	return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' },
	}));
}

function queryParameters(schema: Json): Json[] {
	const { properties = {}, required = [] } = schema as {
		properties?: Record<string, unknown>;
		required?: string[];
	};
	return Object.entries(properties).map(([name, property]) => ({
		name,
		in: 'query',
		required: required.includes(name),
		schema: property,
	}));
}

/** What is wrong, in the platform's form. */
function errorSchema(): z.ZodMiniType {
	return z.object({ error_code: z.string(), error_msg: z.string() });
}

function reference(name: string): Json {
	return { $ref: `#/components/schemas/${name}` };
}

function json(schema: Json): Json {
	return { 'application/json': { schema } };
}

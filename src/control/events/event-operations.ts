/** Test events: events kept for trying a function (documented). */
import { Buffer } from 'node:buffer';
import * as z from 'zod/mini';
import type { TestEventRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { findFunction } from '../find-function.ts';
import type { Answer, Call, Operation } from '../operation.ts';

const ALL = '/v2/{project_id}/fgs/functions/{function_urn}/events';
const ONE = `${ALL}/{event_id}`;
/** Bytes of an event (documented), and how many of them a function may have (ours). */
const CONTENT_BYTES_MAX = 4096;
const EVENTS_MAX = 100;
/** Characters of its Base64, line ends and all (ours). */
const CONTENT_CHARS_MAX = 8192;
const NAME_CHARS_MAX = 64;

export const EVENT_OPERATIONS: readonly Operation[] = [
	{
		id: 'listEvents',
		method: 'GET',
		path: ALL,
		summary: 'List the test events of a function.',
		right: 'read',
		answer: { status: 200, schema: pageSchema },
		run: list,
	},
	{
		id: 'createEvent',
		method: 'POST',
		path: ALL,
		summary: 'Keep a test event; its content is Base64.',
		right: 'deploy',
		body: () => z.looseObject({ name: nameSchema(), content: z.string() }),
		answer: { status: 200, schema: nameAnswerSchema },
		run: create,
	},
	{
		id: 'showEvent',
		method: 'GET',
		path: ONE,
		summary: 'Show a test event.',
		right: 'read',
		answer: { status: 200, schema: eventSchema },
		run: show,
	},
	{
		id: 'updateEvent',
		method: 'PUT',
		path: ONE,
		summary: 'Change the content of a test event, or its name.',
		right: 'deploy',
		body: () => z.looseObject({ name: z.optional(nameSchema()), content: z.optional(z.string()) }),
		answer: { status: 200, schema: nameAnswerSchema },
		run: update,
	},
	{
		id: 'deleteEvent',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a test event.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

function nameSchema() {
	return z.string().check(z.minLength(1), z.maxLength(NAME_CHARS_MAX));
}

function nameAnswerSchema() {
	return z.object({ id: z.string(), name: z.string() });
}

function eventSchema() {
	return z.object({
		id: z.string(),
		name: z.string(),
		content: z.string(),
		last_modified: z.number(),
	});
}

function pageSchema() {
	const entry = z.object({ id: z.string(), name: z.string(), last_modified: z.number() });
	return z.object({ count: z.number(), events: z.array(entry), next_marker: z.number() });
}

function list(call: Call): Answer {
	const { record } = findFunction(call);
	const events = call.context.catalog.extras.testEvents(record.id).map(entryOf);
	return { body: { count: events.length, events, next_marker: 0 } };
}

/** Throws ERR_TEST_EVENT_LIMIT, ERR_TEST_EVENT_TOO_LARGE, ERR_TEST_EVENT_EXISTS, and as findFunction. */
function create(call: Call): Answer {
	const { extras } = call.context.catalog;
	const { record } = findFunction(call);
	const { name, content } = call.body as { readonly name: string; readonly content: string };
	judgeContent(content);
	const count = extras.testEvents(record.id).length;
	if (count >= EVENTS_MAX) {
		throw new RuntimeError(
			'ERR_TEST_EVENT_LIMIT',
			`${record.name} has ${count} test events, the most there may be`,
		);
	}
	const { id } = extras.createTestEvent(record.id, { name, content });
	return { body: { id, name } };
}

function show(call: Call): Answer {
	const { record } = findFunction(call);
	const { event_id: id = '' } = call.parameters;
	const event = call.context.catalog.extras.testEvent(record.id, id);
	return { body: { ...entryOf(event), content: event.content } };
}

function update(call: Call): Answer {
	const { record } = findFunction(call);
	const { name, content } = call.body as { readonly name?: string; readonly content?: string };
	if (content !== undefined) judgeContent(content);
	const changes = { ...(name === undefined ? {} : { name }), ...(content === undefined ? {} : { content }) };
	const { event_id: id = '' } = call.parameters;
	const changed = call.context.catalog.extras.updateTestEvent(record.id, id, changes);
	return { body: { id, name: changed.name } };
}

function remove(call: Call): Answer {
	const { record } = findFunction(call);
	call.context.catalog.extras.removeTestEvent(record.id, call.parameters.event_id ?? '');
	return {};
}

/** Seconds, as the platform and Terraform have it. */
function entryOf({ id, name, modifiedMs }: TestEventRecord): object {
	return { id, name, last_modified: Math.floor(modifiedMs / 1000) };
}

/** What is decoded counts: the limit is that of the event. */
function judgeContent(content: string): void {
	const bytes = Buffer.from(content, 'base64').length;
	if (bytes <= CONTENT_BYTES_MAX && content.length <= CONTENT_CHARS_MAX) return;
	throw new RuntimeError(
		'ERR_TEST_EVENT_TOO_LARGE',
		`body.content: found ${bytes} bytes in ${content.length} characters, wanted at most ${CONTENT_BYTES_MAX} in ${CONTENT_CHARS_MAX}`,
	);
}

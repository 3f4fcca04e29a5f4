/**
 * Every number that the platform promises, and every bound of our own, in one place.
 * Grades: documented (the platform's manual), observed (a published sample), ours (the manual is silent).
 */
import { assert } from '../base/assert.ts';

const KIB = 1024;
const MIB = 1024 * 1024;

export const LIMITS = {
	/** The port a function listens on (documented). */
	functionPort: 8000,
	functionHost: '127.0.0.1',

	/** Raw bytes of a response body (documented: 6 MB, RUNTIME_MAX_RESP_BODY_SIZE). */
	responseBodyBytesMax: 6 * MIB,
	/** Serialized envelope: 6 MiB with a tolerance of 100 bytes (documented). */
	envelopeBytesMax: 6 * MIB + 100,
	/** Raw bytes of a response body with `is_return_stream` (documented: 200 MB). */
	streamBodyBytesMax: 200 * MIB,
	/** Raw bytes of a request body (documented: 6 MB for a synchronous call). */
	requestBodyBytesMax: 6 * MIB,
	/** Raw bytes of a request body that the gateway hears out, whoever it is for (documented, APIG: 12 MB). */
	gatewayBodyBytesMax: 12 * MIB,

	/** Request target (documented, APIG: URL and headers 32 KB). */
	targetBytesMax: 32 * KIB,
	/** One header line (documented, APIC: 32 KB). */
	headerLineBytesMax: 32 * KIB,
	/** All header lines together (documented, APIC: 128 KB). */
	headBytesMax: 128 * KIB,
	/** Fields in one head (ours). */
	headerCountMax: 256,

	/** Seconds (documented). */
	timeoutSecondsDefault: 3,
	timeoutSecondsMin: 3,
	timeoutSecondsMax: 259_200,
	/** Seconds a streaming function may take at most (documented). */
	streamTimeoutSecondsMax: 300,
	/** Seconds for the bootstrap to listen (documented: 1 to 300; default observed in the open engine). */
	initTimeoutSecondsDefault: 3,
	initTimeoutSecondsMin: 1,
	initTimeoutSecondsMax: 300,

	/** Megabytes a function may be given (documented). */
	memorySizesMb: [128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10_240],
	memoryMbDefault: 128,

	/** Instances of one function at once (documented: -1, 0, or 1 to 1,000). */
	instancesMax: 1000,
	instancesDefault: 400,
	/** Requests that one instance works on at once (documented). */
	requestsPerInstanceMax: 1000,
	requestsPerInstanceDefault: 1,
	/** Seconds an instance is kept without a request (documented: 60; the range is ours). */
	idleSecondsDefault: 60,
	idleSecondsMax: 86_400,
	/** Requests that wait for an instance, and for how many seconds (ours). */
	queueDefault: 1000,
	queueMax: 100_000,
	queueSecondsDefault: 10,
	queueSecondsMax: 300,
	/** Rules that change the number of reserved instances by time (ours). */
	tacticsMax: 100,
	/** Megabytes of an instance's /tmp (documented). */
	tmpSizesMb: [512, 10_240],

	/** Names and values of the user's environment, in characters (documented). */
	environmentCharsMax: 4096,
	/** A function's name and version, in characters (documented). */
	nameCharsMax: 60,
	versionCharsMax: 42,
	/** Region, project and package, in characters (ours). */
	urnPartCharsMax: 64,

	/** An APIG event or an envelope without its body (ours). */
	eventHeadBytesMax: MIB,

	/** One line of function output; longer ones are split (observed in the open engine: 90 KB). */
	outputLineBytesMax: 90 * KIB,

	/** Requests at once on one HTTP/2 connection (ours): RFC 9113 asks for 100 or more, and a page may want them all. */
	streamsMax: 128,
	/** Heads of all these requests, which HPACK lets a client name by a few bytes (ours). */
	streamHeadsBytesMax: MIB,
	/** Bytes a client may send on one of them before the function has taken any (ours). */
	streamWindowBytes: 128 * KIB,
	/** Client connections at once (ours). */
	connectionsMax: 8192,
	/** Of one network: a quarter, so that one client does not shut out all others. */
	connectionsPerAddressMax: 2048,
	/** Processes that take requests (ours). */
	workersMax: 64,
	/** Requests that wait for a place, of all functions together. */
	queuedRequestsMax: 8192,
	/** Body bytes held in memory at once, all requests together (ours). */
	heldBytesMax: 512 * MIB,
	/** Milliseconds for a request head to arrive (ours). */
	headTimeoutMs: 15_000,
	/** Milliseconds between two reads of a request body, or two writes that a client takes (ours). */
	stallTimeoutMs: 30_000,
	/** Milliseconds a whole request body may take (ours): a slow drip must not hold a place for ever. */
	requestBodyMsMax: 300_000,
	/** Milliseconds an idle client connection is kept (ours). */
	idleTimeoutMs: 65_000,
	/** Milliseconds an upstream connection is reused where the function promised nothing (ours). */
	upstreamIdleMs: 1_000,
	/** Milliseconds that requests in flight are given when httpfn stops (ours). */
	drainGraceMs: 10_000,
	/** Milliseconds from SIGTERM to SIGKILL (ours; the open engine sends SIGKILL at once). */
	stopGraceMs: 5_000,
} as const;

assert(LIMITS.responseBodyBytesMax < LIMITS.streamBodyBytesMax, 'a stream may be longer than a body');
assert(LIMITS.headerLineBytesMax < LIMITS.headBytesMax, 'a head holds more than one line');
assert(
	LIMITS.streamHeadsBytesMax > LIMITS.headBytesMax + LIMITS.targetBytesMax,
	'a connection takes any head',
);
assert(LIMITS.heldBytesMax > 2 * LIMITS.responseBodyBytesMax, 'one held exchange fits the budget');
assert(LIMITS.eventHeadBytesMax > LIMITS.headBytesMax + LIMITS.targetBytesMax, 'an event holds any request');

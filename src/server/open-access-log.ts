import { errorText } from '../base/error-text.ts';
import type { AccessLogSettings } from '../config/access-log-fields.ts';
import { RuntimeError } from '../contract/errors.ts';
import { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';

/** Null where requests are not recorded. Throws ERR_ACCESS_LOG. */
export function openAccessLog(settings: AccessLogSettings | null, log: Log): AccessLog | null {
	if (settings === null) return null;
	try {
		return new AccessLog({ ...settings, log });
	} catch (error) {
		const message = `could not open the access log: ${errorText(error)}; wanted a file that can be written`;
		throw new RuntimeError('ERR_ACCESS_LOG', message, { cause: error });
	}
}

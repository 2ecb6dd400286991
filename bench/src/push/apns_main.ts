/** The process of the local APNs. */
import { ApnsService } from '@badged/server/dev_push/apns';
import { generateApnsKey } from '@badged/server/dev_push/apns_keys';

const { key, trust } = generateApnsKey();
const service = await ApnsService.listen({ trust });
process.send?.({ origin: service.origin, key });

/** The process of the local APNs. */
import { ApnsService, generateApnsKey } from '@badged/dev-push';

const { key, trust } = generateApnsKey();
const service = await ApnsService.listen({ trust });
process.send?.({ origin: service.origin, key });

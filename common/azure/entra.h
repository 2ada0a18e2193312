/* entra.h -- what Microsoft Entra ID means when it gives a workload no access
 * token.  Pure. */
#ifndef AZURE_ENTRA_H
#define AZURE_ENTRA_H

#include "azure/service.h"

/* service_refused(), with a hint by the AADSTS number in the message
 * (Microsoft identity platform, error codes); returns -1. */
int entra_refused(const struct service_answer *, struct err *);

#endif

// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.kerberos.acceptor.AcceptorSettings;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.config.ConfSource;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An identity that may not open.
 *
 * @param principal whose it is; null if nobody said
 * @param keytab the file of its keys, or what says that none was named; null with a credential
 *     cache alone
 * @param cache the file of its tickets; null to log in with the keytab
 * @param source who says where the KDCs are; null if it only accepts callers
 * @param settings what was decided about callers
 */
public record Patient(
    @Nullable PrincipalName principal,
    @Nullable Function<@Nullable PrincipalName, KeytabFile> keytab,
    @Nullable CredentialCacheFile cache,
    @Nullable ConfSource source,
    AcceptorSettings settings) {}

// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Identity by Kerberos. Any of these properties switches it on.
 *
 * @param principal who this service is, for example HTTP/orders.shop@SHOP.EXAMPLE
 * @param keytab file with the service's keys, in MIT's format; followed as it changes
 * @param credentialCache file of the type FILE with the service's tickets, into which another
 *     program logs in; instead of a login by the keytab
 * @param krb5Conf file that says where the KDCs are; the machine's unless said
 * @param acceptOnly only verify callers: no ticket is obtained, and no KDC is needed
 * @param acceptAs principals of the keytab for which tickets are accepted; all of them unless said
 * @param trustRealms other realms whose callers are accepted
 * @param channelBindings what is demanded of the channel bindings of a token, which tie it to its
 *     TLS connection
 * @param clockSkew what the clocks of callers and of this service may differ by
 */
@ConfigurationProperties(prefix = "serviceidentity.kerberos", ignoreUnknownFields = false)
public record KerberosProperties(
    @Nullable String principal,
    @Nullable Path keytab,
    @Nullable Path credentialCache,
    @Nullable Path krb5Conf,
    @DefaultValue("false") boolean acceptOnly,
    @DefaultValue List<String> acceptAs,
    @DefaultValue List<String> trustRealms,
    @DefaultValue("if-present") ChannelBindings channelBindings,
    @DefaultValue("5m") Duration clockSkew) {

  /** What is demanded of channel bindings. */
  public enum ChannelBindings {
    /** They are not looked at. */
    OFF,
    /** Those that are there must be right. */
    IF_PRESENT,
    /** Every token must have them. */
    REQUIRE
  }
}

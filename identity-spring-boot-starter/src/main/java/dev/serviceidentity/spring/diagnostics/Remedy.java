// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.diagnostics;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static dev.serviceidentity.identity.IdentityException.Code.EXPIRED;
import static dev.serviceidentity.identity.IdentityException.Code.NOT_READY;
import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException.Code;
import java.util.List;
import java.util.Set;

/**
 * What to do about a failure.
 *
 * @param about what its message begins with
 * @param codes the kinds of trouble
 * @param action what to do
 */
record Remedy(String about, Set<Code> codes, String action) {
  private static final String RIGHTS =
      "See that the service account of this pod has the rights of deploy/kubernetes/rights.yaml;"
          + " docs/kubernetes-live.md lists what each is for.";
  private static final String API_SERVER =
      "See that the API server can be reached from here: an egress policy may be in the way. Each"
          + " part may take serviceidentity.open-timeout to open.";

  /** The first that fits counts. */
  private static final List<Remedy> ALL =
      List.of(
          new Remedy(
              "serviceidentity.mtls: ",
              Set.of(CONFIGURATION),
              "Look at the directory that serviceidentity.mtls.pem-directory names. It needs"
                  + " tls.crt (the certificate, then its intermediates), tls.key and ca.crt (the"
                  + " authorities to trust), which this process can read, and the certificate is"
                  + " to be of serviceidentity.mtls.trust-domain."),
          new Remedy(
              "serviceidentity.mtls: ",
              Set.of(EXPIRED),
              "Have the certificate in serviceidentity.mtls.pem-directory renewed; compare the"
                  + " clocks of this host and of the authority."),
          new Remedy(
              "serviceidentity.kerberos: ",
              Set.of(CONFIGURATION),
              "Look at what serviceidentity.kerberos.keytab, principal and krb5-conf name. A"
                  + " service that only verifies callers says serviceidentity.kerberos.accept-only"
                  + "=true and needs no KDC."),
          new Remedy(
              "serviceidentity.kerberos: ",
              Set.of(AUTHORITY_UNREACHABLE, NOT_READY),
              "See that a KDC of serviceidentity.kerberos.krb5-conf can be reached from here: an"
                  + " egress policy may be in the way. A service that only verifies callers says"
                  + " serviceidentity.kerberos.accept-only=true and needs none."),
          new Remedy(
              "serviceidentity.kerberos: ",
              Set.of(REFUSED, EXPIRED),
              "See that serviceidentity.kerberos.keytab has the keys that the KDC knows for"
                  + " serviceidentity.kerberos.principal."),
          new Remedy(
              "serviceidentity.tokens: ",
              Set.of(CONFIGURATION),
              "Look at the files of serviceidentity.tokens.files, and at"
                  + " serviceidentity.tokens.issuer and domain. Outside of a cluster, let a bean of"
                  + " type KubernetesClient say which API server judges tokens."),
          new Remedy("serviceidentity.tokens: ", Set.of(REFUSED), RIGHTS),
          new Remedy(
              "serviceidentity.tokens: ", Set.of(AUTHORITY_UNREACHABLE, NOT_READY), API_SERVER),
          new Remedy(
              "serviceidentity.network: ",
              Set.of(CONFIGURATION),
              "In a pod, let its service account's token be mounted, and let POD_NAMESPACE and"
                  + " POD_NAME be set by the downward API, or say serviceidentity.network.own-pod."
                  + " Elsewhere say serviceidentity.network.mode=manifests with manifests and"
                  + " own-pod, give a bean of type KubernetesClient, or say"
                  + " serviceidentity.network.mode=identity-alone, by which a stolen credential"
                  + " works from everywhere."),
          new Remedy("serviceidentity.network: ", Set.of(REFUSED), RIGHTS),
          new Remedy(
              "serviceidentity.network: ", Set.of(AUTHORITY_UNREACHABLE, NOT_READY), API_SERVER),
          new Remedy(
              "serviceidentity",
              Set.of(CONFIGURATION),
              "Correct the property that the message begins with. What properties cannot say, a"
                  + " ServiceIdentityBuilderCustomizer bean can."),
          new Remedy(
              "",
              Set.of(CONFIGURATION),
              "Say a mechanism (serviceidentity.mtls.* or kerberos.* or tokens.*), whether there"
                  + " is a view of the cluster (serviceidentity.network.mode), and who may call"
                  + " (serviceidentity.allow.*)."),
          new Remedy(
              "",
              Set.of(NOT_READY),
              "Let beans use the identity once the application context has started, and not while"
                  + " they are made."));

  static String of(String message, Code code) {
    return ALL.stream()
        .filter(each -> message.startsWith(each.about) && each.codes.contains(code))
        .map(Remedy::action)
        .findFirst()
        .orElse("Do what the message says, and start the service again.");
  }
}

// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.NO_PRINCIPAL;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.spi.ForeignText;
import java.time.Instant;
import java.util.Optional;

/**
 * Names service accounts, and the pods that their tokens are bound to (KEP-1205).
 *
 * @param domain the domain of the principals
 */
record ServiceAccountNaming(String domain) implements Naming {
  private static final String PREFIX = "system:serviceaccount:";
  private static final String KUBERNETES = "kubernetes.io";

  @Override
  public Caller caller(Claims claims, Instant now) throws RefusedToken {
    ServiceAccountName account = account(claims);
    Claims bound = claims.part(KUBERNETES);
    Claims named = bound.part("serviceaccount");
    requireAgreement(account.namespace(), bound.text("namespace"));
    requireAgreement(account.name(), named.text("name"));
    Caller caller = Caller.of(principal(account), now, Expectations.end(claims));
    Claims pod = bound.part("pod");
    return withPod(caller, pod.text("name").orElse(""), pod.text("uid").orElse(""));
  }

  /** A token that is bound to no pod has neither name nor uid of one. */
  static Caller withPod(Caller caller, String name, String uid) throws RefusedToken {
    if (name.isEmpty() && uid.isEmpty()) {
      return caller;
    }
    require(!name.isEmpty() && !uid.isEmpty(), NO_PRINCIPAL, "The token names half a pod");
    return caller.boundTo(new Caller.BoundPod(name, uid));
  }

  PrincipalId principal(ServiceAccountName account) {
    return new PrincipalId(
        MechanismName.SERVICE_ACCOUNT_TOKEN,
        domain,
        PREFIX + account.namespace() + ":" + account.name());
  }

  /** The service account that {@code sub} names. */
  static ServiceAccountName account(Claims claims) throws RefusedToken {
    return account(claims.text("sub").orElse(""));
  }

  /** The service account of a user name, as Kubernetes has them. */
  static ServiceAccountName account(String user) throws RefusedToken {
    int colon = user.indexOf(':', PREFIX.length());
    try {
      if (user.startsWith(PREFIX) && colon > 0) {
        return new ServiceAccountName(
            user.substring(PREFIX.length(), colon), user.substring(colon + 1));
      }
    } catch (IllegalArgumentException e) {
      throw new RefusedToken(NO_PRINCIPAL, ForeignText.quote(user) + " is no service account");
    }
    throw new RefusedToken(NO_PRINCIPAL, ForeignText.quote(user) + " is no service account");
  }

  private static void requireAgreement(String name, Optional<String> again) throws RefusedToken {
    require(
        again.isEmpty() || again.get().equals(name),
        NO_PRINCIPAL,
        "sub says " + name + ", and " + KUBERNETES + " " + ForeignText.quote(again.orElse("")));
  }
}

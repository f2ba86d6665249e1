// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Workload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Who this service is: its names, for how long they are proven, and its pod. No secret is in it.
 */
final class IdentityInfoContributor implements InfoContributor {
  private final ServiceIdentity identity;

  IdentityInfoContributor(ServiceIdentity identity) {
    this.identity = identity;
  }

  @Override
  public void contribute(Info.Builder builder) {
    var info = new LinkedHashMap<String, Object>();
    try {
      info.put(
          "identities",
          identity.identities().stream().map(IdentityInfoContributor::identity).toList());
      ClusterNetwork network = identity.terms().network();
      if (network != null) {
        info.put("pod", network.self().map(Workload::displayName).orElse("not known"));
      }
    } catch (IdentityException closed) {
      info.put("unavailable", String.valueOf(closed.getMessage()));
    }
    builder.withDetail("serviceIdentity", info);
  }

  private static Map<String, Object> identity(IdentitySnapshot snapshot) {
    var one = new LinkedHashMap<String, Object>();
    one.put("principal", snapshot.principal().toString());
    one.put("notBefore", snapshot.notBefore());
    one.put("expiresAt", snapshot.expiresAt());
    one.put("generation", snapshot.generation());
    return one;
  }
}

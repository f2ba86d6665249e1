// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of a controller that is who calls, as it was verified: a {@link
 * dev.serviceidentity.caller.Caller}, or the whole {@link dev.serviceidentity.access.Admitted} with
 * the pod behind it and each mechanism's caller.
 *
 * <pre>{@code
 * @GetMapping("/orders")
 * List<Order> orders(@VerifiedCaller Caller caller) {
 *   return orders.of(caller.principal());
 * }
 * }</pre>
 *
 * <p>On public paths nobody is verified: there the parameter is an {@code Optional}, or marked as
 * nullable. Anything else fails the request with status 500 where nobody was verified.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface VerifiedCaller {}

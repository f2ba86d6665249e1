// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * A way from an object of the container to another one, found once by name: this library must work
 * with containers that it is not compiled against, and whose classes a web application does not
 * see.
 */
final class Access {
  private static final MethodType FROM_ONE_TO_ANOTHER = MethodType.genericMethodType(1);

  private final MethodHandle handle;
  private final Class<?> result;

  private Access(MethodHandle handle) {
    this.handle = handle.asType(FROM_ONE_TO_ANOTHER);
    this.result = handle.type().returnType();
  }

  /** A public method without parameters. */
  static Access method(Class<?> owner, String name) throws ReflectiveOperationException {
    return new Access(MethodHandles.publicLookup().unreflect(owner.getMethod(name)));
  }

  /** A public method with parameters, which are always the same. */
  static Access method(Class<?> owner, String name, MethodType type, @Nullable Object... arguments)
      throws ReflectiveOperationException {
    MethodHandle method = MethodHandles.publicLookup().findVirtual(owner, name, type);
    return new Access(MethodHandles.insertArguments(method, 1, arguments));
  }

  /**
   * A field that is not public.
   *
   * @throws java.lang.reflect.InaccessibleObjectException if its module is not open to this one
   */
  static Access field(Class<?> owner, String name) throws ReflectiveOperationException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return new Access(MethodHandles.lookup().unreflectGetter(field));
  }

  /** The type of what {@link #of} gives, as it is declared. */
  Class<?> result() {
    return result;
  }

  /** Goes the way; null if there is nothing at its end. */
  @Nullable Object of(Object from) {
    try {
      return (Object) handle.invokeExact(from);
    } catch (RuntimeException | Error unexpected) {
      throw unexpected;
    } catch (Throwable checked) {
      // A handle declares all that there is; what is checked tells that the connection is broken.
      throw Untold.because("the container failed to tell", checked);
    }
  }
}
